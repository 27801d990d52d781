//! Notes, tasks and files.

use super::Desk;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notes_are_written_changed_and_removed_by_their_author() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let notes = format!("/desk/cases/{case}/notes");
    let work = format!("/desk/cases/{case}/work");
    let _ = desk.lead.client.post(&notes, &[("body", " ")]).await.expect(422).says("Please fill this in");
    let _ = desk.lead.client.post(&notes, &[("body", "The <b>parser</b> trusts the length.")]).await.expect(303);
    let _ = desk.lead.client.get(&work).await.expect(200).says("The &lt;b&gt;parser");
    let id = desk.value("select id as found from issue_note").await;
    let field = format!("note_{id}");
    let one = format!("{notes}/{id}");
    let ana = desk.bed.person("Ana Analyst", kernel::Role::Lead).await;
    let mut other = ana.client;
    let _ = other.post(&one, &[(&field, "Not mine"), ("revision", "1")]).await.expect(422).says("Not mine");
    let _ = desk.lead.client.post(&one, &[(&field, "Better words"), ("revision", "1")]).await.expect(303);
    let _ =
        desk.lead.client.post(&one, &[(&field, "Late words"), ("revision", "1")]).await.expect(422).says("Late words");
    let _ = desk.lead.client.post(&one, &[(&field, ""), ("revision", "2")]).await.expect(303);
    assert_eq!(desk.value("select id as found from issue_note").await, "");
    let log = desk.value("select detail as found from audit_entry where action = 'note.written'").await;
    assert!(!log.contains("parser"), "the log holds no text of notes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_have_an_assignee_and_a_day() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let tasks = format!("/desk/cases/{case}/tasks");
    let ana = desk.bed.person("Ana Analyst", kernel::Role::Analyst).await.id.to_string();
    let stranger = [("task_title", "Reproduce"), ("task_assignee", ana.as_str())];
    let _ = desk.lead.client.post(&tasks, &stranger).await.expect(422).says("Choose a member");
    let _ = desk
        .lead
        .client
        .post(&tasks, &[("task_title", "Reproduce"), ("due_on", "soon")])
        .await
        .expect(422)
        .says("not a date");
    let me = desk.lead.id.to_string();
    let good = [("task_title", "Reproduce"), ("task_assignee", me.as_str()), ("due_on", "2026-03-01")];
    let _ = desk.lead.client.post(&tasks, &good).await.expect(303);
    let _ = desk.lead.client.get(&format!("/desk/cases/{case}/work")).await.expect(200).says("late");
    let id = desk.value("select id as found from issue_task").await;
    let one = format!("{tasks}/{id}");
    let _ = desk.lead.client.post(&one, &[("done", "on"), ("revision", "1")]).await.expect(303);
    let _ = desk.lead.client.post(&one, &[("done", "on"), ("revision", "1")]).await.expect(409);
    let _ = desk.lead.client.post(&one, &[("done", ""), ("revision", "2")]).await.expect(303);
    assert_eq!(desk.value("select state as found from issue_task").await, "open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_sealed_for_the_case_and_only_downloaded() {
    let mut desk = Desk::new().await;
    let case = desk.open("Overflow").await;
    let path = format!("/desk/cases/{case}/files");
    let _ =
        desk.lead.client.post_files(&path, &[], &[("files", "empty.txt", b"")]).await.expect(422).says("Choose a file");
    let page: &[u8] = b"<script>alert(1)</script>";
    let files = [("files", "../evil.html", page), ("files", "capture.pcap", b"\x00\x01".as_slice())];
    let _ = desk.lead.client.post_files(&path, &[], &files).await.expect(303);
    assert_eq!(desk.value("select distinct scope as found from file").await, format!("case {case}"));
    let id = desk.value("select id as found from issue_attachment where name = 'evil.html'").await;
    let answer = desk.lead.client.get(&format!("{path}/{id}")).await.expect(200);
    assert_eq!(answer.bytes, page);
    let header = |name: &str| answer.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment; filename=\"evil.html\""));
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let mut stranger = desk.bed.person("Stan Stranger", kernel::Role::Analyst).await;
    let _ = stranger.client.get(&format!("{path}/{id}")).await.expect(404);
    let other = desk.open("Other").await;
    let _ = desk.lead.client.get(&format!("/desk/cases/{other}/files/{id}")).await.expect(404);
    let _ = desk.lead.client.post(&format!("{path}/{id}/remove"), &[]).await.expect(303);
    let _ = desk.lead.client.get(&format!("{path}/{id}")).await.expect(404);
}
