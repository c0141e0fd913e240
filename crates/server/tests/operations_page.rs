//! `docs/operations.md` speaks of what there is, and leaves out nothing of it.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

mod support;

use std::collections::BTreeSet;

use support::{Server, process::run, wire::get};

const PAGE: &str = include_str!("../../../docs/operations.md");

/// The words of a text that begin like this and go on in these characters.
fn words(text: &str, beginning: &str, goes_on: impl Fn(char) -> bool) -> BTreeSet<String> {
    text.match_indices(beginning)
        .map(|(at, _)| &text[at..])
        .map(|rest| rest.chars().take_while(|&c| goes_on(c)).collect::<String>())
        .filter(|word| word.len() > beginning.len())
        .collect()
}

fn flags(text: &str) -> BTreeSet<String> {
    words(text, "--", |c| c.is_ascii_lowercase() || c == '-')
        .into_iter()
        .filter(|flag| flag.trim_matches('-').len() > 1)
        .collect()
}

#[test]
fn every_flag_of_the_page_exists_and_every_flag_of_operations_is_on_the_page() {
    let mut known = BTreeSet::new();
    for command in [&["serve"][..], &["backup"], &["restore"], &["user", "add"], &["user", "assign"]] {
        let (done, help, err) = run(&[command, &["--help"]].concat());
        assert!(done, "{err}");
        known.extend(flags(&help));
        if command == ["serve"] {
            let (_, operations) = help.split_once("\nOperations:\n").unwrap();
            let operations = operations.split("\n\n").next().unwrap();
            assert!(flags(operations).len() > 8, "{operations}");
            let missing: Vec<_> = flags(operations).difference(&flags(PAGE)).cloned().collect();
            assert!(missing.is_empty(), "not on the page: {missing:?}");
        }
    }
    let invented: Vec<_> = flags(PAGE).difference(&known).cloned().collect();
    assert!(invented.is_empty(), "the page names flags that do not exist: {invented:?}");
}

#[tokio::test]
async fn every_metric_that_is_counted_is_on_the_page() {
    let server = Server::start_with(|settings| {
        settings.operations.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    server.person("lucia@example.org").await.log_food("Avena").await;
    get(server.running.address, "/healthz", "").await;
    let reading = get(server.running.metrics.unwrap(), "/metrics", "").await;
    let counted: BTreeSet<_> =
        reading.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    assert!(counted.len() > 8, "{reading}");
    for metric in counted {
        assert!(PAGE.contains(&format!("`{metric}`")), "{metric} is not on the page");
    }
}
