//! Reports of tools that the public corpus has no sample of.

use limits::Limits;
use scan::{Report, Severity};

fn read(text: &str) -> Report {
    scan::read(text.as_bytes(), None, &Limits::FILE).unwrap()
}

#[test]
fn wapiti_entries_are_rated_by_level_and_merged() {
    let entry = "<entry><method>GET</method><path>/a</path><level>3</level><parameter>q</parameter><info>XSS in q</info></entry>";
    let report = read(&format!(
        "<report type='security'><report_infos><info name='target'>https://halden.example/</info></report_infos>\
         <vulnerabilities><vulnerability name='Cross Site Scripting'><description>d</description><references>\
         <reference><title>CWE-79: XSS</title><url>https://halden.example/r</url></reference></references>\
         <entries>{entry}{entry}</entries></vulnerability></vulnerabilities></report>"
    ));
    let finding = report.findings.first().unwrap();
    assert_eq!((report.summary.tool, report.findings.len(), finding.occurrences), ("wapiti", 1, 2));
    assert_eq!((finding.severity, finding.cwe.as_slice()), (Severity::High, [79].as_slice()));
    assert_eq!(finding.location.as_ref().unwrap().url.as_deref(), Some("https://halden.example/a"));
}

#[test]
fn qualys_entries_are_rated_by_level_and_rows_merged_by_qid() {
    let report = read(
        "<ASSET_DATA_REPORT><HOST_LIST><HOST><IP>192.0.2.1</IP><VULN_INFO_LIST><VULN_INFO><QID id='qid_7'>7</QID>\
         <VULN_STATUS>Active</VULN_STATUS><CVSS3_FINAL>9.1 (AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N)</CVSS3_FINAL></VULN_INFO>\
         </VULN_INFO_LIST></HOST></HOST_LIST><GLOSSARY><VULN_DETAILS_LIST><VULN_DETAILS id='qid_7'><TITLE>Old</TITLE>\
         <SEVERITY>3</SEVERITY></VULN_DETAILS></VULN_DETAILS_LIST></GLOSSARY></ASSET_DATA_REPORT>",
    );
    let finding = report.findings.first().unwrap();
    assert_eq!((finding.title.as_str(), finding.severity), ("QID-7 | Old", Severity::Medium));
    assert_eq!(finding.cvss.as_ref().and_then(|cvss| cvss.score), Some(9.1));
    let table = read("IP,QID,Title,Severity,Threat\n192.0.2.1,7,Old,4,t\n192.0.2.2,7,Old,4,t\n");
    let finding = table.findings.first().unwrap();
    assert_eq!((table.summary.tool, table.findings.len(), finding.occurrences), ("qualys", 1, 2));
    assert_eq!(finding.severity, Severity::High);
}

#[test]
fn lynis_warnings_are_medium_and_suggestions_low() {
    let report = read(
        "# Lynis Report\nlynis_version=3.1.4\nhostname=h1\nwarning[]=PKGS-7392|Old a|b packages|-|-|\n\
         suggestion[]=SSH-7408|Harden SSH|AllowTcpForwarding|set NO|\n",
    );
    let titles: Vec<_> = report.findings.iter().map(|finding| (finding.title.as_str(), finding.severity)).collect();
    assert_eq!(titles, [("Old a|b packages", Severity::Medium), ("Harden SSH", Severity::Low)]);
}

#[test]
fn stig_checklists_and_inspec_give_what_failed() {
    let data = |name: &str, value: &str| {
        format!(
            "<STIG_DATA><VULN_ATTRIBUTE>{name}</VULN_ATTRIBUTE><ATTRIBUTE_DATA>{value}</ATTRIBUTE_DATA></STIG_DATA>"
        )
    };
    let rule = data("Severity", "medium") + &data("Rule_Title", "No root login") + &data("Rule_ID", "SV-1");
    let report = read(&format!(
        "<CHECKLIST><ASSET><HOST_NAME>h1</HOST_NAME></ASSET><STIGS><iSTIG><VULN>{rule}<STATUS>Open</STATUS>\
         <SEVERITY_OVERRIDE>high</SEVERITY_OVERRIDE></VULN><VULN>{rule}<STATUS>NotAFinding</STATUS></VULN></iSTIG></STIGS></CHECKLIST>"
    ));
    assert_eq!((report.summary.tool, report.findings.len()), ("ckl", 1));
    assert_eq!(report.findings.first().unwrap().severity, Severity::High);
    let control = |id: &str, status: &str| {
        format!("{{\"id\":\"{id}\",\"title\":\"t\",\"impact\":0.7,\"results\":[{{\"status\":\"{status}\"}}]}}")
    };
    let report =
        read(&format!("{{\"profiles\":[{{\"controls\":[{},{}]}}]}}", control("a", "failed"), control("b", "passed")));
    assert_eq!((report.summary.tool, report.findings.len()), ("inspec", 1));
    assert_eq!(report.findings.first().unwrap().severity, Severity::High);
}
