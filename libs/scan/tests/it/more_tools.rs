//! Tools without a public sample: small reports written after their formats, recognised, counted and rated.

use limits::Limits;
use scan::Severity::{self, Critical, High, Info, Low, Medium};

/// Reads a report without naming the tool and compares reader and severities, in order of the report.
#[track_caller]
fn check(tool: &str, severities: &[Severity], text: &str) -> Vec<scan::Finding> {
    let report = scan::read(text.as_bytes(), None, &Limits::FILE).map_err(|error| format!("{tool}: {error}")).unwrap();
    let found: Vec<Severity> = report.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!((report.summary.tool, found.as_slice()), (tool, severities));
    report.findings
}

#[test]
fn cloud_checks_are_rated_by_their_words() {
    let row = |status: &str| {
        format!(
            "{{\"plugin\":\"p\",\"category\":\"c\",\"title\":\"t{status}\",\"description\":\"d\",\"resource\":\"r\",\"region\":\"global\",\"status\":\"{status}\",\"message\":\"m\"}}"
        )
    };
    check("cloudsploit", &[Critical, Medium, Info], &format!("[{},{},{}]", row("FAIL"), row("WARN"), row("OK")));
    let table = "PROFILE,ACCOUNT_NUM,REGION,TITLE_ID,CHECK_RESULT,LEVEL,TITLE_TEXT,CHECK_RESULT_EXTENDED,SEVERITY\n\
                 a,1,eu,1.1,FAIL,Level 1,[check11] One,root was used,\n\
                 a,1,eu,1.1,FAIL,Level 1,[check11] One,root was used,\n\
                 a,1,eu,1.2,FAIL,Level 2,[check12] Two,no second factor,Low\n\
                 a,1,eu,1.3,PASS,Level 1,[check13] Three,fine,High\n";
    let found = check("aws_prowler", &[Critical, Low, Info], table);
    assert_eq!(found.first().map(|first| (first.occurrences, first.rule.as_deref())), Some((2, Some("check11"))));
    let entry = |status: &str| {
        format!(
            "{{\"CheckID\":\"c1\",\"Status\":\"{status}\",\"StatusExtended\":\"open\",\"FindingUniqueId\":\"u-{status}\",\"Severity\":\"high\"}}"
        )
    };
    check("aws_prowler", &[High], &format!("[{},{}]", entry("FAIL"), entry("PASS")));
    let line = |status: &str, word: &str| {
        format!(
            "{{\"Profile\":\"d\",\"Account Number\":\"1\",\"Control\":\"[check114] MFA\",\"Message\":\"m{status}\",\"Severity\":\"{word}\",\"Status\":\"{status}\",\"Control ID\":\"1.14\",\"Region\":\"eu\"}}"
        )
    };
    check("aws_prowler", &[Critical, Info], &format!("{}\n{}\n", line("FAIL", "Critical"), line("PASS", "High")));
    let suite = "scoutsuite_results =\n{\"account_id\":\"1\",\"last_run\":{},\"services\":{\"iam\":{\"findings\":{\
                 \"a\":{\"description\":\"Root\",\"level\":\"danger\",\"items\":[\"iam.root\"]},\
                 \"b\":{\"description\":\"None\",\"level\":\"warning\",\"items\":[]}}}}}";
    check("scout_suite", &[Critical], suite);
    let inspector = "{\"findings\":[{\"findingArn\":\"arn:1\",\"type\":\"PACKAGE_VULNERABILITY\",\"title\":\"t\",\"severity\":\"UNTRIAGED\",\
                     \"inspectorScore\":5.5,\"status\":\"CLOSED\",\"resources\":[{\"id\":\"i-1\",\"type\":\"AWS_EC2_INSTANCE\"}],\
                     \"packageVulnerabilityDetails\":{\"vulnerabilityId\":\"CVE-2024-1111\",\"vulnerablePackages\":[{\"name\":\"p\",\"version\":\"1\"}]}}]}";
    let found = check("aws_inspector2", &[Info], inspector);
    assert_eq!(found.first().map(|first| first.cve.clone()), Some(vec!["CVE-2024-1111".to_owned()]));
}

#[test]
fn anchore_reports_of_every_age_are_told_apart() {
    let engine = |extra: &str| {
        format!("{{\"imageDigest\":\"sha256:1\",\"vulnerability_type\":\"all\",\"vulnerabilities\":[{extra}]}}")
    };
    let item = "{\"feed\":\"f\",\"feed_group\":\"g\",\"fix\":\"2\",\"package\":\"p-1\",\"package_name\":\"p\",\"package_path\":\"pkgdb\",\
                \"package_type\":\"dpkg\",\"package_version\":\"1\",\"severity\":\"Negligible\",\"url\":\"u\",\"vuln\":\"CVE-2024-1111\"}";
    check("anchorectl_vulns", &[Info], &engine(item));
    check("anchorectl_vulns", &[], &engine(""));
    let evaluation = "{\"metadata\":{\"imageDigest\":\"sha256:1\"},\"securityEvaluation\":[{\"vulnerabilityId\":\"CVE-2024-1111\",\
                      \"cves\":\"CVE-2024-1111\",\"package\":\"p\",\"packageType\":\"dpkg\",\"path\":\"/p\",\"severity\":\"High\",\"fixAvailable\":\"None\"}]}";
    check("anchorectl_vulns", &[High], evaluation);
    let rows = "[\"i\",\"repo:tag\",\"CVE-2024-1111+p\",\"vulnerabilities\",\"package\",\"found in /usr/bin/p\",\"stop\",false,\"pol\"]";
    let policy = format!(
        "[{{\"sha256:1\":{{\"repo:tag\":[{{\"detail\":{{\"policy\":{{\"policies\":[{{\"id\":\"pol\",\"name\":\"Default\"}}]}},\
         \"result\":{{\"final_action\":\"stop\",\"image_id\":\"i\",\"result\":{{\"i\":{{\"result\":{{\"rows\":[{rows}]}}}}}}}}}}}}]}}}}]"
    );
    let found = check("anchore_enterprise", &[Critical], &policy);
    assert_eq!(
        found.first().map(|first| first.title.as_str()),
        Some("Default - gate|vulnerabilities - trigger|CVE-2024-1111+p")
    );
}

#[test]
fn burp_interfaces_and_dastardly_are_read() {
    check(
        "burp_api",
        &[High, Info],
        "{\"issue_events\":[{\"type\":\"issue_found\",\"issue\":{\"name\":\"SQL injection\",\"severity\":\"high\",\"origin\":\"https://a.example\",\"path\":\"/x\"}},\
         {\"type\":\"issue_found\",\"issue\":{\"name\":\"Other\",\"severity\":\"false_positive\"}},{\"type\":\"progress\"}]}",
    );
    let issue = |name: &str, path: &str| {
        format!(
            "{{\"issue_type\":{{\"name\":\"{name}\"}},\"origin\":\"https://a.example\",\"path\":\"{path}\",\"severity\":\"medium\"}}"
        )
    };
    check(
        "burp_api",
        &[Medium, Medium],
        &format!("{{\"Issues\":[{},{},{}]}}", issue("A", "/1"), issue("A", "/2"), issue("B", "/1")),
    );
    check(
        "burp_dastardly",
        &[High, Low],
        "<testsuites failures=\"2\"><testsuite failures=\"2\" name=\"https://a.example/x\"><testcase name=\"XSS\">\
         <failure message=\"XSS\" type=\"High\">CWE-79</failure></testcase><testcase name=\"B\"><failure message=\"B\" type=\"Low\"/></testcase>\
         <testcase name=\"C\"/></testsuite></testsuites>",
    );
}

#[test]
fn package_audits_are_read() {
    let gem = "Name: rack\nVersion: 1.0\nCVE: CVE-2024-1111\nGHSA: GHSA-aaaa\nCriticality: Unknown\nURL: https://a.example\nTitle: Slow\nSolution: upgrade to >= 2\n\n";
    let found = check("bundler_audit", &[Medium], &format!("{gem}{gem}Vulnerabilities found!\n"));
    assert_eq!(found.first().map(|first| first.title.as_str()), Some("Gem rack: Slow [CVE-2024-1111]"));
    check(
        "safety",
        &[High, Medium],
        "{\"report_meta\":{\"safety_version\":\"3.0\"},\"vulnerabilities\":[\
         {\"vulnerability_id\":\"1\",\"package_name\":\"p\",\"ignored\":false,\"CVE\":\"CVE-2024-1111\",\"severity\":{\"cvssv3\":{\"base_severity\":\"HIGH\",\"base_score\":7.5}}},\
         {\"vulnerability_id\":\"2\",\"package_name\":\"p\",\"ignored\":false,\"severity\":null},\
         {\"vulnerability_id\":\"3\",\"package_name\":\"p\",\"ignored\":true}]}",
    );
    check("safety", &[Medium], "[[\"p\",\"<2\",\"1.0\",\"text\",\"25853\"]]");
    check(
        "nancy",
        &[Info],
        "{\"audited\":[],\"num_vulnerable\":1,\"vulnerable\":[{\"Coordinates\":\"pkg:golang/a.example/m@1.0\",\"Reference\":\"r\",\
         \"Vulnerabilities\":[{\"Id\":\"x\",\"Title\":\"CWE-400: slow\",\"CvssScore\":\"7.5\",\"Cve\":\"CVE-2024-1111\"}]}]}",
    );
    check(
        "mend",
        &[High],
        "{\"projectVitals\":{},\"libraries\":[{\"name\":\"l.jar\",\"vulnerabilities\":[{\"name\":\"CVE-2024-1111\",\"cvss3_severity\":\"high\",\"description\":\"d\"}]}]}",
    );
    check(
        "veracode_sca",
        &[High],
        "Issue ID,Issue type,Severity,Library,Version in use,CVE,CVSS score\n1,Vulnerability,High,lib,1.0,2024-1111,7.5\n2,License,Low,lib,1.0,,\n",
    );
    check(
        "redhatsatellite",
        &[High, Low],
        "{\"total\":2,\"results\":[{\"errata_id\":\"RHSA-2024:1\",\"severity\":\"Important\",\"title\":\"a\"},{\"errata_id\":\"RHBA-2024:2\",\"severity\":\"None\",\"title\":\"b\"}]}",
    );
    check(
        "harbor",
        &[Critical, Info],
        "{\"application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0\":{\"scanner\":{\"name\":\"Trivy\"},\"vulnerabilities\":[\
         {\"id\":\"CVE-2024-1111\",\"package\":\"p\",\"version\":\"1\",\"fix_version\":\"2\",\"severity\":\"Critical\"},\
         {\"id\":\"CVE-2024-1111\",\"package\":\"p\",\"version\":\"1\",\"severity\":\"Critical\"},\
         {\"id\":\"CVE-2024-2222\",\"package\":\"p\",\"version\":\"1\",\"severity\":\"Negligible\"}]}}",
    );
    check(
        "harbor",
        &[High],
        "{\"application/vnd.security.vulnerability.report; version=1.1\":{\"vulnerabilities\":[{\"id\":\"CVE-2024-1111\",\"package\":\"p\",\"version\":\"1\",\"severity\":\"High\"}]}}",
    );
    check(
        "xeol",
        &[Critical, Info],
        "{\"matches\":[{\"Cycle\":{\"ProductName\":\"P\",\"Eol\":\"2020-01-01\"},\"artifact\":{\"name\":\"a\"}},{\"Cycle\":{\"ProductName\":\"Q\"},\"artifact\":{\"name\":\"b\"}}]}",
    );
    check(
        "sysdig",
        &[Medium],
        "Vulnerability ID,Severity,Package name,Package version,Package type,CVSS version,CVSS score,Image\nCVE-2024-1111,Medium,p,1.0,os,3.1,5.0,i\n",
    );
}

#[test]
fn transport_checks_are_read() {
    check(
        "sslscan",
        &[Info, Info],
        "<document title=\"SSLScan Results\" version=\"2.0\"><ssltest host=\"a.example\" port=\"443\"><heartbleed sslversion=\"TLSv1.0\" vulnerable=\"1\"/>\
         <cipher status=\"accepted\" sslversion=\"TLSv1.0\" cipher=\"RC4\" strength=\"weak\"/>\
         <cipher status=\"accepted\" sslversion=\"TLSv1.2\" cipher=\"AES\" strength=\"strong\"/></ssltest></document>",
    );
    check(
        "ssl_labs",
        &[Info, Critical],
        "[{\"host\":\"a.example\",\"port\":443,\"endpoints\":[{\"grade\":\"A+\"},{\"grade\":\"F\"},{\"grade\":\"F\"}]}]",
    );
    check(
        "mozilla_observatory",
        &[Medium, Info, Low],
        "{\"content-security-policy\":{\"pass\":false,\"score_modifier\":-25,\"score_description\":\"a\",\"result\":\"r\"},\
         \"contribute\":{\"pass\":true,\"score_modifier\":0,\"score_description\":\"b\"},\
         \"cookies\":{\"pass\":false,\"score_modifier\":-5,\"score_description\":\"c\"}}",
    );
    check(
        "wfuzz",
        &[High, Medium],
        "[{\"chars\":1,\"code\":200,\"payload\":\"a\",\"lines\":1,\"url\":\"https://a.example/a\",\"words\":1},\
         {\"chars\":1,\"code\":403,\"payload\":\"b\",\"lines\":1,\"url\":\"https://a.example/b\",\"words\":1}]",
    );
}

#[test]
fn code_and_secret_scanners_are_read() {
    check(
        "terrascan",
        &[High],
        "{\"results\":{\"violations\":[{\"rule_name\":\"n\",\"rule_id\":\"AC_1\",\"severity\":\"HIGH\",\"category\":\"S3\",\"resource_name\":\"r\",\"resource_type\":\"t\",\"file\":\"a.tf\",\"line\":3}],\"count\":{}}}",
    );
    check("terrascan", &[], "{\"results\":{\"violations\":null,\"count\":{\"low\":0}}}");
    check(
        "talisman",
        &[High],
        "{\"summary\":{\"types\":{}},\"results\":[{\"filename\":\"a\",\"failure_list\":[{\"type\":\"filecontent\",\"message\":\"m\",\"severity\":\"high\",\"commits\":[\"c\"]},\
         {\"type\":\"filecontent\",\"message\":\"n\",\"severity\":\"high\",\"commits\":[]}]}]}",
    );
    check(
        "whispers",
        &[Critical, High],
        "[{\"key\":\"k\",\"value\":\"v\",\"file\":\"a.yml\",\"line\":1,\"severity\":\"BLOCKER\",\"message\":\"Password\"},\
         {\"key\":\"k\",\"value\":\"v\",\"file\":\"b.yml\",\"line\":1,\"severity\":\"High\",\"message\":\"Password\"}]",
    );
    check(
        "cred_scan",
        &[Info],
        "Searcher,Source,Line,Description,IsSuppressed\nPassword,a.cs,3,d,False\nPassword,a.cs,3,d,False\n",
    );
    check(
        "kiuwan",
        &[Critical],
        "Rule code,Rule,Priority,CWE,Vulnerability type,File,Line number,Line text\nR1,Injection,Very High,89,Injection,a.java,3,x\n",
    );
    check(
        "cobalt",
        &[Info],
        "Title,Description,Type,SuggestedFix,StepsToReproduce,ResearcherUrl\n'Title,d,XSS,f,s,u\n",
    );
    let policy = "{\"type\":\"\",\"content\":{\"a\":{\"policyInfo\":{\"title\":\"T\",\"policyName\":\"a\",\"severity\":\"HIGH\",\"namespace\":\"repository\"},\
                  \"violations\":[{\"status\":\"FAILED\",\"canonicalLink\":\"https://a.example\"},{\"status\":\"PASSED\"}]},\
                  \"b\":{\"policyInfo\":{\"severity\":\"LOW\"},\"violations\":[{\"status\":\"PASSED\"}]}}}";
    let found = check("legitify", &[High], policy);
    assert_eq!(found.first().map(|first| first.title.as_str()), Some("Repository | T"));
}

#[test]
fn qualys_tables_of_pci_scans_have_three_levels() {
    let head = "IP,HOSTNAME,LAST SCAN,QID,VULN TITLE,TYPE,SEVERITY,PORT,Q_SEVERITY,THREAT,CVEID\n";
    let found = check(
        "qualys",
        &[High, Low],
        &format!(
            "{head}192.0.2.1,a.example,x,1,One,V,Medium,80,5,t,CVE-2024-1111\n192.0.2.2,b.example,x,1,One,V,Medium,80,5,t,\n192.0.2.1,a.example,x,2,Two,V,Low,80,1,t,\n"
        ),
    );
    assert_eq!(found.first().map(|first| first.others.len()), Some(1));
    let old = "<SCAN value=\"scan/1\"><HEADER/><IP value=\"192.0.2.1\" name=\"a\"><INFOS><CAT><INFO number=\"1\" severity=\"1\"/></CAT></INFOS>\
               <VULNS><CAT value=\"Web\" port=\"80\"><VULN number=\"2\" severity=\"5\"><TITLE>T</TITLE><CVSS_BASE>5.0</CVSS_BASE></VULN>\
               <VULN number=\"3\" severity=\"4\"><TITLE>U</TITLE></VULN></CAT></VULNS></IP></SCAN>";
    check("qualys", &[Medium, High], old);
}

#[test]
fn qualys_tables_may_be_folded_and_have_lines_before_them() {
    let rows = "\"Report\"\n\"Acme\",\"x\"\n\n\"QID,\"\"Title\"\",\"\"Severity\"\",\"\"Asset Name\"\",\"\"Asset IPV4\"\"\"\n\
                \"1,\"\"A, b\"\",\"\"5\"\",\"\"h\"\",\"\"192.0.2.1\"\"\"\n\"1,\"\"A, b\"\",\"\"2\"\",\"\"h2\"\",\"\"192.0.2.2\"\"\"\n";
    let found = check("qualys", &[Critical, Low], rows);
    assert_eq!(found.first().map(|first| first.title.as_str()), Some("A, b"));
    let plain =
        "Scan Results\nx,y\n\"IP\",\"QID\",\"Title\",\"Severity\",\"Threat\"\n\"192.0.2.1\",\"1\",\"A\",\"4\",\"t\"\n";
    check("qualys", &[High], plain);
}

#[test]
fn tables_of_clouds_and_images_are_read() {
    check(
        "azure_security_center",
        &[High],
        "subscriptionId,subscriptionName,resourceGroup,resourceType,resourceName,recommendationDisplayName,state,severity\n\
         1,a,g,t,r,Encrypt,Unhealthy,High\n1,a,g,t,r,Other,Healthy,Low\n",
    );
    check(
        "blackduck_binary_analysis",
        &[Critical, High],
        "Component,Version,CVE,Object full path,Object name,Object SHA1,CVSS vector (v2),CVSS vector (v3)\n\
         zlib,1.0,CVE-2024-1111,/a,a,1,,AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\nzlib,1.0,CVE-2024-2222,/a,a,1,AV:N/AC:L/Au:N/C:C/I:C/A:C,\n",
    );
    check(
        "cloudflare_insights",
        &[Medium, Info],
        "severity,issue_class,subject,issue_type,status\nModerate,c,a.example,t,active\nOther,c,a.example,t,resolved\n",
    );
    check(
        "deepfence_threatmapper",
        &[Critical],
        "@timestamp,cve_attack_vector,cve_caused_by_package,cve_id,cve_severity,cve_cvss_score,host_name\nx,network,p:1,CVE-2024-1111,critical,9.8,h\n",
    );
    check("skf", &[Info], "date,title,description,mitigation\n2024-01-01 00:00:00,T,d,m\n2024-01-01 00:00:00,T,d,m\n");
}

#[test]
fn interfaces_of_services_are_read() {
    check(
        "github_vulnerability",
        &[High, Info],
        "[{\"number\":1,\"state\":\"open\",\"rule\":{\"id\":\"js/x\",\"description\":\"X\",\"security_severity_level\":\"high\",\"tags\":[\"external/cwe/cwe-079\"]},\
         \"most_recent_instance\":{\"location\":{\"path\":\"a.js\",\"start_line\":3}}},\
         {\"number\":2,\"state\":\"fixed\",\"rule\":{\"id\":\"js/y\",\"description\":\"Y\"},\"most_recent_instance\":{}}]",
    );
    check(
        "cycognito",
        &[Medium],
        "[{\"affected_asset\":\"ip/192.0.2.1\",\"base_severity\":\"medium\",\"issue_type\":\"t\",\"title\":\"T\",\"references\":[]}]",
    );
    check(
        "gcloud_artifact_scan",
        &[High],
        "{\"package_vulnerability_summary\":{\"vulnerabilities\":{\"HIGH\":[{\"noteName\":\"n\",\"vulnerability\":{\"shortDescription\":\"CVE-2024-1111\",\
         \"packageIssue\":[{\"affectedPackage\":\"p\",\"affectedVersion\":{\"fullName\":\"1\"}}]}}]}}}",
    );
    check(
        "crunch42",
        &[Critical, Low],
        "{\"report\":{\"security\":{\"issues\":{\"v3-x\":{\"issues\":[{\"pointer\":\"/a\",\"criticality\":5},\
         {\"pointer\":\"/b\",\"criticality\":2}]}}},\"data\":{}}}",
    );
    check(
        "krakend_audit",
        &[High],
        "{\"recommendations\":[{\"rule\":\"1.1\",\"severity\":\"HIGH\",\"message\":\"m\"}],\"stats\":{}}",
    );
    check(
        "rapplex",
        &[High],
        "{\"StartedDate\":\"x\",\"Severities\":{\"High\":{\"Name\":\"High\",\"IssueGroups\":[{\"Issues\":[{\"Title\":\"T\",\"Url\":\"https://a.example\"}],\
         \"Definition\":{\"Classifications\":[{\"Foundation\":\"CWE\",\"Value\":\"79\"}]}}]},\"Low\":null}}",
    );
    check(
        "humble",
        &[Medium, Medium],
        "{\"[0. Info]\":{\"URL\":\"https://a.example\"},\"[1. Missing HTTP Security Headers]\":[\"CSP\",\"HSTS\"],\
         \"[2. Fingerprint HTTP Response Headers]\":[\"Nothing to report, all seems OK!\"]}",
    );
}

#[test]
fn package_checkers_of_old_are_read() {
    check(
        "huskyci",
        &[High, Low],
        "{\"RID\":\"x\",\"huskyciresults\":{\"goresults\":{\"gosec\":{\"highvulns\":[{\"title\":\"T\",\"file\":\"a.go\",\"line\":\"3\"}],\
         \"lowvulns\":[{\"title\":\"U\"}],\"nosecvulns\":[{\"title\":\"V\"}]}}}}",
    );
    check(
        "kiuwan_sca",
        &[High, Low],
        "[{\"id\":1,\"cve\":\"CVE-2024-1111\",\"securityRisk\":\"HIGH\",\"muted\":false,\"components\":[{\"artifact\":\"a\",\"version\":\"1\"}]},\
         {\"id\":2,\"cve\":\"CVE-2024-2222\",\"securityRisk\":\"-\",\"muted\":false,\"components\":[{\"artifact\":\"a\",\"version\":\"1\"}]},\
         {\"id\":3,\"cve\":\"CVE-2024-3333\",\"securityRisk\":\"HIGH\",\"muted\":true,\"components\":[{\"artifact\":\"a\"}]}]",
    );
    check(
        "nsp",
        &[Low, High],
        "[{\"id\":1,\"title\":\"T\",\"module\":\"m\",\"version\":\"1\",\"vulnerable_versions\":\"<2\",\"patched_versions\":\">=2\",\"advisory\":\"a\",\"path\":[\"a\",\"m\"],\"cvss_score\":0},\
         {\"id\":2,\"title\":\"U\",\"module\":\"m\",\"version\":\"1\",\"vulnerable_versions\":\"<2\",\"patched_versions\":\">=2\",\"advisory\":\"a\",\"path\":[\"a\",\"m\"],\"cvss_score\":7.5}]",
    );
    check(
        "ossindex_devaudit",
        &[Critical],
        "{\"Packages\":[{\"Package\":{\"pm\":\"bower\",\"name\":\"p\",\"version\":\"1\"},\"Vulnerabilities\":[{\"id\":\"x\",\"title\":\"T\",\"cvssScore\":\"9.1\",\"cwe\":\"CWE-79\"}]}]}",
    );
    check(
        "php_security_audit",
        &[Critical, Medium],
        "{\"totals\":{\"errors\":1,\"warnings\":1},\"files\":{\"a.php\":{\"errors\":1,\"warnings\":1,\"messages\":[\
         {\"message\":\"m\",\"source\":\"S.A\",\"severity\":10,\"line\":1,\"column\":1},{\"message\":\"m\",\"source\":\"S.B\",\"severity\":5,\"line\":2,\"column\":1}]}}}",
    );
    check(
        "php_symfony_security_check",
        &[Info],
        "{\"a/b\":{\"version\":\"v1.0\",\"advisories\":[{\"title\":\"T\",\"link\":\"l\",\"cve\":\"CVE-2024-1111\"}]}}",
    );
}

#[test]
fn checkers_of_templates_and_scripts_are_read() {
    check(
        "cfn_lint",
        &[High],
        "[{\"Filename\":\"a.yaml\",\"Level\":\"Error\",\"Id\":\"x\",\"Message\":\"m\",\"Rule\":{\"Id\":\"E1\",\"ShortDescription\":\"S\"},\"Location\":{\"Start\":{\"LineNumber\":3}}}]",
    );
    check(
        "cfn_nag",
        &[High, High, Medium],
        "[{\"filename\":\"./a.yaml\",\"file_results\":{\"failure_count\":1,\"violations\":[\
         {\"id\":\"F1\",\"type\":\"FAIL\",\"message\":\"m\",\"logical_resource_ids\":[\"A\",\"B\"],\"line_numbers\":[1,2]},\
         {\"id\":\"W1\",\"type\":\"WARN\",\"message\":\"n\",\"logical_resource_ids\":[]}]}}]",
    );
    check(
        "code_climate",
        &[Critical, Low],
        "[{\"type\":\"issue\",\"check_name\":\"risky\",\"severity\":\"blocker\",\"description\":\"d\",\"location\":{\"path\":\"a.yml\",\"lines\":{\"begin\":3}}},\
         {\"type\":\"issue\",\"check_name\":\"b\",\"severity\":\"minor\",\"location\":{\"path\":\"a.yml\",\"positions\":{\"begin\":{\"line\":4}}}}]",
    );
    check(
        "shellcheck",
        &[High, Info],
        "[{\"file\":\"a.sh\",\"line\":1,\"endLine\":1,\"column\":2,\"level\":\"error\",\"code\":1000,\"message\":\"m\"},\
         {\"file\":\"a.sh\",\"line\":2,\"endLine\":2,\"column\":2,\"level\":\"style\",\"code\":2000,\"message\":\"n\"}]",
    );
    check(
        "dockerfile_lint",
        &[High, Low],
        "{\"error\":{\"count\":1,\"data\":[{\"label\":\"l\",\"message\":\"m\",\"line\":-1}]},\"warn\":{\"count\":0,\"data\":[]},\"info\":{\"count\":1,\"data\":[{\"message\":\"n\"}]}}",
    );
    check(
        "pmd",
        &[Medium],
        "Problem,Package,File,Priority,Line,Description,Rule set,Rule\n1,p,A.java,3,5,d,Design,R\n",
    );
    check(
        "pmd",
        &[Critical],
        "<pmd version=\"7.0\"><file name=\"A.java\"><violation beginline=\"3\" rule=\"R\" ruleset=\"S\" priority=\"1\">d</violation></file></pmd>",
    );
    check(
        "slither",
        &[High, Info],
        "{\"success\":true,\"error\":null,\"results\":{\"detectors\":[{\"check\":\"c\",\"impact\":\"High\",\"description\":\"d\\nmore\",\
         \"elements\":[{\"name\":\"f\",\"source_mapping\":{\"filename_relative\":\"a.sol\",\"lines\":[3,4]}}]},\
         {\"check\":\"o\",\"impact\":\"Optimization\"}]}}",
    );
}

#[test]
fn scanners_of_hosts_and_pages_are_read() {
    check(
        "clamav",
        &[High],
        "/a/b: Win.Test.EICAR FOUND\n/a/c: OK\n\n----------- SCAN SUMMARY -----------\nEngine version: 1.0\n",
    );
    check("clamav", &[], "/a/c: OK\n\n----------- SCAN SUMMARY -----------\nInfected files: 0\n");
    check(
        "dalfox",
        &[High],
        "[{\"type\":\"V\",\"inject_type\":\"inHTML\",\"poc_type\":\"plain\",\"method\":\"GET\",\"data\":\"https://a.example/?q=x\",\"param\":\"q\",\"payload\":\"x\",\
         \"cwe\":\"CWE-79\",\"severity\":\"High\",\"message_str\":\"m\"},{}]",
    );
    check(
        "bomber",
        &[Medium, Info],
        "{\"meta\":{\"provider\":\"OSV\"},\"packages\":[{\"coordinates\":\"pkg:npm/a@1\",\"vulnerabilities\":[{\"id\":\"CVE-2024-1111\",\"severity\":\"MODERATE\"},{\"id\":\"x\",\"severity\":\"UNSPECIFIED\"}]}]}",
    );
    check(
        "vuls",
        &[Critical, Critical],
        "{\"jsonVersion\":4,\"serverName\":\"h\",\"scannedCves\":{\"CVE-2024-1111\":{\"affectedPackages\":[{\"name\":\"a\"},{\"name\":\"b\"}],\
         \"cveContents\":{\"nvd\":[{\"cvss3Score\":9.8,\"cvss2Score\":5.0}]}}}}",
    );
}

#[test]
fn reports_of_clusters_and_hosts_are_read() {
    check(
        "openreports",
        &[Low, High],
        "{\"apiVersion\":\"openreports.io/v1alpha1\",\"kind\":\"Report\",\"metadata\":{\"namespace\":\"n\"},\"scope\":{\"kind\":\"Deployment\",\"name\":\"d\"},\"results\":[\
         {\"policy\":\"CVE-2024-1111\",\"message\":\"m\",\"result\":\"warn\",\"severity\":\"low\",\"source\":\"s\",\"properties\":{\"pkgName\":\"p\"}},\
         {\"policy\":\"CIS-1\",\"message\":\"m\",\"result\":\"fail\",\"severity\":\"high\",\"source\":\"s\"}]}",
    );
    check(
        "cyberwatch_galeax",
        &[Medium, Medium, Info],
        "{\"cves\":[{\"cve_code\":\"CVE-2024-1111\",\"cve_score\":5.5,\"servers\":[{\"computer_name\":\"a\",\"active\":true}],\"updates_assets\":{\"p\":{\"assets\":[\"a\"]},\"q\":{\"assets\":[\"a\"]}}}],\
         \"security_issues\":[{\"id\":1,\"security_issue_title\":\"T\",\"level\":\"level_info\",\"servers\":[]}]}",
    );
    let finding = |id: &str| {
        format!(
            "{{\"SchemaVersion\":\"2018-10-08\",\"Id\":\"{id}\",\"ProductArn\":\"arn\",\"GeneratorId\":\"g\",\"Title\":\"t\",\"Severity\":{{\"Label\":\"HIGH\"}},\"Resources\":[]}}"
        )
    };
    check("asff", &[High, High], &format!("{{\"findings\":[{},{},{}]}}", finding("1"), finding("2"), finding("1")));
}

#[test]
fn checkers_of_clusters_are_read() {
    check(
        "kubesec",
        &[High, Low],
        "[{\"object\":\"Pod/a.default\",\"valid\":true,\"fileName\":\"a.yaml\",\"score\":-30,\"scoring\":{\"critical\":[{\"id\":\"P\",\"selector\":\"s\"}],\
         \"passed\":[{\"id\":\"Q\"}],\"advise\":[{\"id\":\"R\",\"selector\":\"t\"}]}}]",
    );
    check(
        "kube_score",
        &[High, Medium],
        "[{\"object_name\":\"Pod/a\",\"file_name\":\"a.yaml\",\"file_row\":1,\"checks\":[{\"check\":{\"id\":\"x\",\"name\":\"X\"},\"grade\":1},\
         {\"check\":{\"id\":\"y\",\"name\":\"Y\"},\"grade\":5},{\"check\":{\"id\":\"z\"},\"grade\":10},{\"check\":{\"id\":\"s\"},\"grade\":1,\"skipped\":true}]}]",
    );
    check(
        "polaris",
        &[Medium, High],
        "{\"PolarisOutputVersion\":\"1.0\",\"SourceType\":\"Path\",\"SourceName\":\"a.yaml\",\"Results\":[{\"Name\":\"a\",\"Kind\":\"Deployment\",\
         \"Results\":{\"w\":{\"ID\":\"w\",\"Message\":\"m\",\"Success\":false,\"Severity\":\"warning\"}},\"PodResult\":{\"Results\":{},\
         \"ContainerResults\":[{\"Name\":\"c\",\"Results\":{\"d\":{\"Success\":false,\"Severity\":\"danger\"},\"p\":{\"Success\":true}}}]}}]}",
    );
    check(
        "regula",
        &[High],
        "{\"rule_results\":[{\"rule_id\":\"FG_1\",\"resource_id\":\"r\",\"rule_result\":\"FAIL\",\"rule_severity\":\"High\",\"rule_summary\":\"s\"},\
         {\"rule_id\":\"FG_1\",\"resource_id\":\"r\",\"rule_result\":\"FAIL\",\"rule_severity\":\"High\"},{\"rule_id\":\"FG_2\",\"rule_result\":\"PASS\"}],\"summary\":{}}",
    );
    check(
        "tflint",
        &[High, Info],
        "{\"issues\":[{\"rule\":{\"name\":\"a\",\"severity\":\"error\",\"link\":\"\"},\"message\":\"m\",\"range\":{\"filename\":\"a.tf\",\"start\":{\"line\":1}}},\
         {\"rule\":{\"name\":\"b\",\"severity\":\"notice\"},\"message\":\"n\",\"range\":{}}],\"errors\":[]}",
    );
}

#[test]
fn checkers_of_binaries_and_packages_are_read() {
    check(
        "golangci_lint",
        &[Medium],
        "{\"Issues\":[{\"FromLinter\":\"gosec\",\"Text\":\"G402: TLS\",\"Severity\":\"\",\"Pos\":{\"Filename\":\"a.go\",\"Line\":3}},{\"FromLinter\":\"errcheck\",\"Text\":\"t\"}],\"Report\":{}}",
    );
    check(
        "semgrep_pro",
        &[High, Low],
        "{\"findings\":[{\"rule_name\":\"a\",\"match_based_id\":\"1\",\"severity\":\"high\",\"triage_state\":\"untriaged\",\"location\":{\"file_path\":\"a.py\",\"line\":3}},\
         {\"rule_name\":\"b\",\"match_based_id\":\"2\",\"severity\":\"low\",\"triage_state\":\"untriaged\"},{\"rule_name\":\"b\",\"match_based_id\":\"2\",\"severity\":\"low\"}]}",
    );
    check(
        "cwe_checker",
        &[Medium],
        "[{\"name\":\"CWE676\",\"version\":\"0.1\",\"addresses\":[\"1\"],\"tids\":[],\"symbols\":[\"main\"],\"other\":[],\"description\":\"(Dangerous Function) main calls strcpy\"}]",
    );
    check("debsecan", &[Medium, Medium], "CVE-2024-1111 bash (remotely exploitable)\nTEMP-0-1 coreutils\n");
    let found = check(
        "debsecan",
        &[Medium],
        "CVE-2024-1111\n  A flaw in bash ...\n  installed: bash 5.2\n             (built from bash 5.2)\n  fixed in unstable: bash 5.3\n",
    );
    assert_eq!(found.first().map(|first| first.title.as_str()), Some("CVE-2024-1111: bash"));
}
