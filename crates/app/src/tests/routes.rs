//! A walk of all routes as nobody, as a stranger and as each role (invariants 7 and 11).

use http::Method;
use kernel::{Permission, Role};
use testbed::{Answer, Client, Testbed};
use web::{Entry, Who};

use crate::slices;

/// Every address that anybody may call. A new one is a decision, so it is written here too.
const OPEN: &[&str] = &include!("open_routes.in");

async fn bed() -> Testbed {
    let bed = Testbed::with(slices::routes(), slices::jobs(), slices::cards(), |_| {}).await;
    slices::ensure_ready(&bed.program()).await.unwrap();
    bed
}

fn table() -> Vec<Entry> {
    slices::routes().table().to_vec()
}

/// The address with its variable parts filled with what does not exist.
fn address(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "01910000-0000-7000-8000-000000000000" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

async fn call(client: &mut Client, entry: &Entry) -> Answer {
    let at = address(entry.path);
    if entry.method == Method::GET { client.get(&at).await } else { client.post(&at, &[("revision", "1")]).await }
}

#[test]
fn the_open_addresses_are_known() {
    let mut open: Vec<&str> = table().iter().filter(|entry| entry.who == Who::Anyone).map(|entry| entry.path).collect();
    open.sort_unstable();
    open.dedup();
    let mut known = OPEN.to_vec();
    known.sort_unstable();
    assert_eq!(open, known, "addresses that anybody may call changed; write them into open_routes.in if that is meant");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_to_sign_in_everywhere_alike() {
    let bed = bed().await;
    for entry in table().iter().filter(|entry| entry.who != Who::Anyone) {
        let answer = call(&mut bed.visitor(), entry).await;
        if entry.path.starts_with("/api/") {
            assert_eq!(answer.status.as_u16(), 401, "{} {}", entry.method, entry.path);
        } else {
            assert_eq!(answer.status.as_u16(), 303, "{} {}", entry.method, entry.path);
            assert!(answer.location().starts_with("/desk/sign-in"), "{} {}", entry.method, entry.path);
        }
    }
    // An address that does not exist answers nobody in the same way.
    let answer = bed.visitor().get("/desk/no-such-page").await;
    assert_eq!((answer.status.as_u16(), answer.location().starts_with("/desk/sign-in")), (303, true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_lacks_the_permission_finds_nothing() {
    let bed = bed().await;
    let table = table();
    let mut people = vec![("a stranger", bed.person_with("Sam Stranger", &[]).await.client, Vec::new())];
    for role in Role::ALL {
        let person = bed.person(role.label(), *role).await;
        people.push((role.label(), person.client, role.permissions().to_vec()));
    }
    for (name, client, permissions) in &mut people {
        for entry in &table {
            let asked: Permission = match entry.who {
                Who::May(permission) | Who::Machine(permission) => permission,
                Who::Anyone | Who::SignedIn => continue,
            };
            // Ending one's own session would spoil the rest of the walk.
            let answer = call(client, entry).await;
            if permissions.contains(&asked) {
                assert!(
                    !answer.status.is_server_error(),
                    "{name}: {} {} gave {}\n{}",
                    entry.method,
                    entry.path,
                    answer.status,
                    answer.text()
                );
            } else {
                assert_eq!(answer.status.as_u16(), 404, "{name}: {} {}", entry.method, entry.path);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_pages_never_fail() {
    let bed = bed().await;
    for entry in table().iter().filter(|entry| entry.who == Who::Anyone) {
        let answer = call(&mut bed.visitor(), entry).await;
        assert!(
            !answer.status.is_server_error(),
            "{} {} gave {}\n{}",
            entry.method,
            entry.path,
            answer.status,
            answer.text()
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_carries_the_security_headers() {
    let bed = bed().await;
    for path in ["/", "/advisories", "/desk/sign-in", "/no-such-page"] {
        let answer = bed.visitor().get(path).await;
        let policy = answer.headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers.get("x-content-type-options").unwrap(), "nosniff", "{path}");
    }
}
