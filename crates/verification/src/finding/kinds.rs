//! Which kind of look each tool takes, by the names of readers and of scanners in reports.

use scan::{Finding, Summary};

use super::model::Kind;

/// Parts of names; the first that is in a tool's name decides. Longer names stand before shorter ones that they contain.
const NAMES: &[(&str, Kind)] = &[
    ("gitlab_dast", Kind::Dast),
    ("gitlab_dep", Kind::Sca),
    ("gitlab_container", Kind::Sca),
    ("gitlab_sast", Kind::Sast),
    ("gitlab_secret", Kind::Secrets),
    ("api_fuzzing", Kind::Dast),
    ("github_secret", Kind::Secrets),
    ("github_vuln", Kind::Sca),
    ("api_sonarqube", Kind::Sast),
    ("checkmarx_osa", Kind::Sca),
    ("dependency_check", Kind::Sca),
    ("dependency_track", Kind::Sca),
    ("detect_secrets", Kind::Secrets),
    ("snyk_code", Kind::Sast),
    ("wizcli_iac", Kind::Config),
    ("trivy_operator", Kind::Platform),
    ("qualys_webapp", Kind::Dast),
    ("hcl_appscan", Kind::Dast),
    ("secretlint", Kind::Secrets),
    ("trufflehog", Kind::Secrets),
    ("noseyparker", Kind::Secrets),
    ("rusty_hog", Kind::Secrets),
    ("ggshield", Kind::Secrets),
    ("gitleaks", Kind::Secrets),
    ("n0s1", Kind::Secrets),
    ("apkleaks", Kind::Secrets),
    ("npm_audit", Kind::Sca),
    ("yarn_audit", Kind::Sca),
    ("pnpm_audit", Kind::Sca),
    ("pip_audit", Kind::Sca),
    ("cargo_audit", Kind::Sca),
    ("composer_audit", Kind::Sca),
    ("bundler_audit", Kind::Sca),
    ("auditjs", Kind::Sca),
    ("retire", Kind::Sca),
    ("osv", Kind::Sca),
    ("ort", Kind::Sca),
    ("grype", Kind::Sca),
    ("anchore", Kind::Sca),
    ("trivy", Kind::Sca),
    ("clair", Kind::Sca),
    ("snyk", Kind::Sca),
    ("blackduck", Kind::Sca),
    ("sonatype", Kind::Sca),
    ("jfrog", Kind::Sca),
    ("xray", Kind::Sca),
    ("meterian", Kind::Sca),
    ("mend", Kind::Sca),
    ("whitesource", Kind::Sca),
    ("scantist", Kind::Sca),
    ("govulncheck", Kind::Sca),
    ("cyclonedx", Kind::Sca),
    ("spdx", Kind::Sca),
    ("csaf", Kind::Sca),
    ("openvex", Kind::Sca),
    ("dotnet_vuln", Kind::Sca),
    ("checkov", Kind::Config),
    ("tfsec", Kind::Config),
    ("terrascan", Kind::Config),
    ("kics", Kind::Config),
    ("hadolint", Kind::Config),
    ("dockle", Kind::Config),
    ("conftest", Kind::Config),
    ("chefinspect", Kind::Platform),
    ("dockerbench", Kind::Platform),
    ("kubeaudit", Kind::Platform),
    ("kubebench", Kind::Platform),
    ("kubehunter", Kind::Platform),
    ("kubescape", Kind::Platform),
    ("popeye", Kind::Platform),
    ("prowler", Kind::Platform),
    ("scout", Kind::Platform),
    ("asff", Kind::Platform),
    ("aws_", Kind::Platform),
    ("aqua", Kind::Platform),
    ("twistlock", Kind::Platform),
    ("neuvector", Kind::Platform),
    ("sysdig", Kind::Platform),
    ("wiz", Kind::Platform),
    ("orca", Kind::Platform),
    ("dsop", Kind::Platform),
    ("lynis", Kind::Platform),
    ("openscap", Kind::Platform),
    ("wazuh", Kind::Platform),
    ("ms_defender", Kind::Platform),
    ("nessus", Kind::Network),
    ("tenable", Kind::Network),
    ("nexpose", Kind::Network),
    ("openvas", Kind::Network),
    ("qualys", Kind::Network),
    ("nmap", Kind::Network),
    ("masscan", Kind::Network),
    ("naabu", Kind::Network),
    ("hydra", Kind::Network),
    ("sslyze", Kind::Network),
    ("sslscan", Kind::Network),
    ("ssl_labs", Kind::Network),
    ("testssl", Kind::Network),
    ("ssh_audit", Kind::Network),
    ("outpost24", Kind::Network),
    ("trustwave", Kind::Network),
    ("alertlogic", Kind::Network),
    ("risk_recon", Kind::Network),
    ("zap", Kind::Dast),
    ("burp", Kind::Dast),
    ("acunetix", Kind::Dast),
    ("netsparker", Kind::Dast),
    ("invicti", Kind::Dast),
    ("arachni", Kind::Dast),
    ("nikto", Kind::Dast),
    ("nuclei", Kind::Dast),
    ("wapiti", Kind::Dast),
    ("wpscan", Kind::Dast),
    ("wfuzz", Kind::Dast),
    ("ffuf", Kind::Dast),
    ("skf", Kind::Dast),
    ("sqlmap", Kind::Dast),
    ("stackhawk", Kind::Dast),
    ("appspider", Kind::Dast),
    ("appcheck", Kind::Dast),
    ("webinspect", Kind::Dast),
    ("crashtest", Kind::Dast),
    ("immuniweb", Kind::Dast),
    ("edgescan", Kind::Dast),
    ("dirsearch", Kind::Dast),
    ("gobuster", Kind::Dast),
    ("httpx", Kind::Dast),
    ("drheader", Kind::Dast),
    ("intsights", Kind::Dast),
    ("mayhem", Kind::Dast),
    ("contrast", Kind::Dast),
    ("whitehat", Kind::Dast),
    ("garak", Kind::Test),
    ("promptfoo", Kind::Test),
    ("junit", Kind::Test),
    ("bugcrowd", Kind::PenetrationTest),
    ("h1", Kind::PenetrationTest),
    ("hackerone", Kind::PenetrationTest),
    ("cobalt", Kind::PenetrationTest),
    ("ptart", Kind::PenetrationTest),
    ("mobsf", Kind::Sast),
    ("semgrep", Kind::Sast),
    ("codeql", Kind::Sast),
    ("bandit", Kind::Sast),
    ("brakeman", Kind::Sast),
    ("gosec", Kind::Sast),
    ("eslint", Kind::Sast),
    ("njsscan", Kind::Sast),
    ("spotbugs", Kind::Sast),
    ("pmd", Kind::Sast),
    ("infer", Kind::Sast),
    ("cppcheck", Kind::Sast),
    ("coverity", Kind::Sast),
    ("fortify", Kind::Sast),
    ("checkmarx", Kind::Sast),
    ("veracode", Kind::Sast),
    ("sonarqube", Kind::Sast),
    ("rubocop", Kind::Sast),
    ("horusec", Kind::Sast),
    ("bearer", Kind::Sast),
    ("devskim", Kind::Sast),
    ("progpilot", Kind::Sast),
    ("codechecker", Kind::Sast),
    ("xanitizer", Kind::Sast),
    ("pwn_sast", Kind::Sast),
    ("vcg", Kind::Sast),
    ("threat_composer", Kind::ManualReview),
    ("iriusrisk", Kind::ManualReview),
];

/// Readers of formats that many tools write; the scanners that the report names decide.
const FORMATS: &[&str] = &["sarif", "generic", "empty", "gitlab", "heimdall", "hdf"];

/// The kind of a report: by its reader, by the scanner it names, else by where its findings are.
#[must_use]
pub(super) fn kind_of(summary: &Summary, places: &Places) -> Kind {
    let tool = summary.tool;
    let by_reader = if FORMATS.contains(&tool) { None } else { named(tool) };
    by_reader.or_else(|| summary.scanners.iter().find_map(|scanner| named(scanner))).unwrap_or_else(|| places.kind())
}

fn named(name: &str) -> Option<Kind> {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    NAMES.iter().find(|(part, _)| contains_word(&plain, part)).map(|(_, kind)| *kind)
}

/// Short names must stand alone: `ort` is not in `sort`.
fn contains_word(name: &str, part: &str) -> bool {
    if part.len() > 4 {
        return name.contains(part);
    }
    name == part || name.split('_').any(|word| word == part.trim_end_matches('_'))
}

/// How many findings of a report are in which kind of place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Places {
    files: usize,
    components: usize,
    web: usize,
    network: usize,
}

impl Places {
    /// Counts one finding.
    pub(super) fn add(&mut self, finding: &Finding) {
        self.components += usize::from(finding.component.is_some());
        let Some(place) = &finding.location else { return };
        self.web += usize::from(place.url.is_some());
        self.network += usize::from(place.host.is_some() && place.url.is_none());
        self.files += usize::from(place.file.is_some());
    }

    fn kind(self) -> Kind {
        let kinds = [
            (self.files, Kind::Sast),
            (self.components, Kind::Sca),
            (self.web, Kind::Dast),
            (self.network, Kind::Network),
        ];
        kinds
            .into_iter()
            .rev()
            .max_by_key(|(count, _)| *count)
            .map_or(Kind::Sast, |(count, kind)| if count == 0 { Kind::Sast } else { kind })
    }
}

#[cfg(test)]
mod tests {
    use scan::{Location, Severity};

    use super::*;

    #[track_caller]
    fn check(tool: &'static str, scanner: &str, findings: Vec<Finding>, expected: Kind) {
        let summary = Summary { tool, scanners: vec![scanner.to_owned()], ..Summary::default() };
        let mut places = Places::default();
        findings.iter().for_each(|finding| places.add(finding));
        assert_eq!(kind_of(&summary, &places), expected);
    }

    #[test]
    fn the_reader_decides_then_the_scanner_then_the_places() {
        check("zap", "ZAP 2.14", vec![], Kind::Dast);
        check("sarif", "Semgrep OSS 1.2", vec![], Kind::Sast);
        check("sarif", "Trivy", vec![], Kind::Sca);
        let at =
            Finding { location: Some(Location::url("https://halden.example/a")), ..Finding::new("x", Severity::Low) };
        check("generic", "own checks", vec![at], Kind::Dast);
        check("generic", "sorter", vec![], Kind::Sast);
    }
}
