//! Packs through their pages: another vendor's pack, broken packs, the active one, moving a release.

use std::io::Write;

use crate::testing::Vendor;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(format!("mine/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("mine/{name}"), *bytes).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_vendors_pack_carries_a_release_to_its_gate() {
    let mut vendor = Vendor::new().await;
    let at = "/desk/practices/packs";
    vendor.lead.client.get(at).await.expect(200).says("standard 1.0.0").says("Active");
    vendor.dev.client.post_files(at, &[], &[("files", "p.zip", &zip(content::COMPACT_PACK))]).await.expect(404);
    let page = vendor.lead.client.post_files(at, &[], &[("files", "p.zip", &zip(content::COMPACT_PACK))]).await;
    let page = page.expect(303).location().to_owned();
    vendor
        .lead
        .client
        .post_files(at, &[], &[("files", "p.tar.gz", &tar(content::COMPACT_PACK))])
        .await
        .expect(422)
        .says("loaded already");
    vendor.lead.client.get(&page).await.expect(200).says("Difference to standard 1.0.0").says("Choose this pack");
    vendor.lead.client.post(&format!("{page}/choose"), &[]).await.expect(303);
    vendor.lead.client.get("/desk/practices").await.expect(200).says("compact 1.0.0");
    vendor.answer(&["waterfall", "agile", "devops"]).await;
    vendor.fill_team().await;
    vendor.plan(vendor.release, &["waterfall", "agile", "devops"], &[]).await;
    vendor.settle(vendor.release, "1.0").await;
    assert_eq!(vendor.outcome(vendor.release).await, crate::gate::Outcome::Passed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_pack_is_shown_with_lines_and_nothing_is_kept() {
    let mut vendor = Vendor::new().await;
    let at = "/desk/practices/packs";
    let header = String::from_utf8(content::COMPACT_PACK[0].1.to_vec()).unwrap();
    let broken = header.replace("approver = \"owner\"", "approver = \"nobody_here\"");
    vendor
        .lead
        .client
        .post_files(at, &[], &[("files", "pack.toml", broken.as_bytes())])
        .await
        .expect(422)
        .says("This pack was not loaded")
        .says("pack.toml:")
        .keeps_quiet_about("compact 1.0.0");
    vendor
        .lead
        .client
        .post_files(at, &[], &[("files", "pack.zip", b"PK\x03\x04 no zip")])
        .await
        .expect(422)
        .says("cannot be read as an archive");
    vendor.lead.client.post_files(at, &[], &[("files", "pack.pdf", b"%PDF")]).await.expect(422).says("none of .zip");
    vendor.lead.client.post_files(at, &[], &[]).await.expect(422).says("Choose the .toml files");
    assert_eq!(vendor.bed.actions().await.iter().filter(|action| *action == "pack.loaded").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_keeps_its_pack_until_it_is_moved() {
    let mut vendor = Vendor::new().await;
    vendor.answer(&["agile"]).await;
    vendor.plan(vendor.release, &["agile"], &[]).await;
    let extended = br#"format = 1
id = "halden"
version = "1.0.0"
title = "Halden Systems"
extends = "standard"
extends_version = 1
remove = [{ id = "threat_assessment.privacy_threats", reason = "Another department does this." }]
"#;
    let at = "/desk/practices/packs";
    let page = vendor
        .lead
        .client
        .post_files(at, &[], &[("files", "pack.toml", extended)])
        .await
        .expect(303)
        .location()
        .to_owned();
    vendor.lead.client.post(&format!("{page}/choose"), &[]).await.expect(303);
    let release = format!("/desk/releases/{}", vendor.release);
    vendor.dev.client.get(&release).await.expect(200).says("Another process pack is active").says("standard 1.0.0");
    vendor
        .dev
        .client
        .get(&format!("{release}/move"))
        .await
        .expect(200)
        .says("Removed")
        .says("threat_assessment.privacy_threats");
    let to = page.rsplit('/').next().unwrap().to_owned();
    let before = vendor.sheet(vendor.release).await.lines.len();
    vendor.dev.client.post(&format!("{release}/move"), &[("to", &to), ("seen", "7")]).await.expect(409);
    let move_it = [("to", to.as_str()), ("seen", "1")];
    vendor
        .dev
        .client
        .post(&format!("{release}/move"), &move_it)
        .await
        .expect(422)
        .says("1 tasks would go out of the plan");
    vendor.lead.client.post(&format!("{release}/move"), &move_it).await.expect(303);
    assert_eq!(vendor.sheet(vendor.release).await.lines.len(), before - 1);
    vendor.dev.client.get(&format!("{release}/plan")).await.expect(200).says("halden 1.0.0");
}
