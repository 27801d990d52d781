//! The table of tools: one line, one file for each.

use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Input, text};

/// A reader for the reports of one tool.
pub struct Tool {
    /// Its name, as `--tool` takes it.
    pub name: &'static str,
    /// The tool's name for people, with the formats that are read.
    pub title: &'static str,
    /// Other names that `--tool` takes.
    pub aliases: &'static [&'static str],
    /// How surely a report is this tool's: 0 not at all, 50 perhaps, 90 its own marks, 100 it says so itself.
    pub(crate) recognise: fn(&Probe) -> u8,
    /// Reads the report.
    pub(crate) read: fn(&mut Input<'_>, &mut Out<'_>) -> Result<(), Error>,
}

macro_rules! table {
    ($($name:ident,)*) => {
        $(mod $name;)*
        static TOOLS: &[Tool] = &[$($name::TOOL,)*];
    };
}

table! {
    acunetix,
    alertlogic,
    anchore_enterprise,
    anchore_grype,
    anchorectl_policies,
    anchorectl_vulns,
    api_blackduck,
    api_bugcrowd,
    api_cobalt,
    api_edgescan,
    api_vulners,
    apkleaks,
    appcheck_web_application_scanner,
    appspider,
    aqua,
    arachni,
    asff,
    auditjs,
    aws_inspector2,
    aws_prowler,
    azure_security_center,
    bandit,
    bearer_cli,
    blackduck,
    blackduck_binary_analysis,
    bomber,
    brakeman,
    bugcrowd,
    bundler_audit,
    burp,
    burp_api,
    burp_dastardly,
    cargo_audit,
    cfn_lint,
    cfn_nag,
    checkmarx,
    checkmarx_cxflow_sast,
    checkmarx_one,
    checkmarx_osa,
    checkov,
    ckl,
    clair,
    clamav,
    cloudflare_insights,
    cloudsploit,
    cobalt,
    code_climate,
    codechecker,
    composer_audit,
    conftest,
    contrast,
    coverity_api,
    coverity_scan,
    crashtest_security,
    cred_scan,
    crunch42,
    csaf,
    cwe_checker,
    cyberwatch_galeax,
    cyclonedx,
    cycognito,
    dalfox,
    dawnscanner,
    debsecan,
    deepfence_threatmapper,
    dependency_check,
    dependency_track,
    detect_secrets,
    dirsearch,
    dockerbench,
    dockerfile_lint,
    dockle,
    dotnet_vulnerable,
    drheader,
    dsop,
    empty,
    eslint,
    firmwalker,
    fortify,
    garak,
    gcloud_artifact_scan,
    generic,
    ggshield,
    github_secrets_detection_report,
    github_vulnerability,
    gitlab_dast,
    gitlab_dep_scan,
    gitlab_sast,
    gitleaks,
    gobuster,
    golangci_lint,
    gosec,
    govulncheck,
    h1,
    hadolint,
    harbor,
    hcl_appscan,
    hcl_asoc_sast,
    horusec,
    httpx,
    humble,
    huskyci,
    hydra,
    immuniweb,
    infer,
    inspec,
    intsights,
    invicti,
    iriusrisk,
    jfrog_xray,
    junit,
    kics,
    kiuwan,
    kiuwan_sca,
    krakend_audit,
    kube_score,
    kubeaudit,
    kubebench,
    kubehunter,
    kubescape,
    kubesec,
    legitify,
    lynis,
    masscan,
    mend,
    meterian,
    microfocus_webinspect,
    mobsf,
    mozilla_observatory,
    ms_defender,
    n0s1,
    naabu,
    nancy,
    nessus,
    neuvector,
    nexpose,
    nikto,
    njsscan,
    nmap,
    noseyparker,
    npm_audit,
    nsp,
    nuclei,
    openreports,
    openscap,
    openvas,
    openvex,
    orca_security,
    ort,
    ossindex_devaudit,
    osv_scanner,
    outpost24,
    php_security_audit,
    php_symfony_security_check,
    pip_audit,
    pmd,
    polaris,
    popeye,
    progpilot,
    promptfoo,
    prowler,
    ptart,
    pwn_sast,
    qualys,
    qualys_webapp,
    rapplex,
    redhatsatellite,
    regula,
    retirejs,
    risk_recon,
    rubocop,
    rusty_hog,
    safety,
    sarif,
    scantist,
    scout_suite,
    secretlint,
    semgrep,
    semgrep_pro,
    shellcheck,
    skf,
    slither,
    snyk,
    snyk_issue_api,
    solar_appscreener,
    sonarqube,
    sonatype,
    spdx,
    spotbugs,
    sqlmap,
    ssh_audit,
    ssl_labs,
    sslscan,
    sslyze,
    stackhawk,
    sysdig,
    talisman,
    terrascan,
    testssl,
    tflint,
    tfsec,
    threat_composer,
    trivy,
    trivy_operator,
    trufflehog,
    trustwave,
    trustwave_fusion_api,
    twistlock,
    vcg,
    veracode,
    veracode_sca,
    vuls,
    wapiti,
    wazuh,
    wfuzz,
    whispers,
    whitehat_sentinel,
    wiz,
    wizcli,
    wpscan,
    xanitizer,
    xeol,
    xygeni,
    yarn_audit,
    zap,
    zora,
}

/// All readers, by name.
#[must_use]
pub fn tools() -> &'static [Tool] {
    TOOLS
}

/// The reader of this name or alias, in any case, with `-`, `_` and blanks alike.
#[must_use]
pub fn tool(name: &str) -> Option<&'static Tool> {
    let plain = |text: &str| text.to_ascii_lowercase().replace(['-', ' ', '.'], "_");
    let name = plain(name);
    TOOLS.iter().find(|tool| tool.name == name || tool.aliases.iter().any(|alias| plain(alias) == name))
}

pub(crate) fn no_such_tool(name: &str) -> Error {
    let start = text::clip(name, 3).to_ascii_lowercase();
    let close: Vec<&str> = TOOLS.iter().map(|tool| tool.name).filter(|tool| tool.starts_with(&start)).collect();
    let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
    let near = if close.is_empty() {
        format!("; there are {}", names.join(", "))
    } else {
        format!("; did you mean {}?", close.join(" or "))
    };
    Error::NoSuchTool { name: name.to_owned(), near }
}

/// The reader that knows this report best.
pub(crate) fn recognise(input: &mut Input<'_>) -> Result<&'static Tool, Error> {
    let probe = Probe::new(input.head()?);
    let mut scores: Vec<(u8, &'static Tool)> = TOOLS.iter().map(|tool| ((tool.recognise)(&probe), tool)).collect();
    scores.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scores.first() {
        Some((score, tool)) if *score >= 50 => Ok(tool),
        Some(_) | None => {
            let near: Vec<&str> =
                scores.iter().filter(|(score, _)| *score > 0).take(3).map(|(_, tool)| tool.title).collect();
            let near = if near.is_empty() { String::new() } else { format!(", closest to {}", near.join(" or ")) };
            Err(Error::Unknown { looks: probe.describe(), near })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> =
            TOOLS.iter().flat_map(|tool| tool.aliases.iter().copied().chain([tool.name])).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn unknown_names_are_answered_with_near_ones() {
        assert!(tool("ZAP").is_some());
        assert!(no_such_tool("zappp").to_string().contains("zap?"));
    }
}
