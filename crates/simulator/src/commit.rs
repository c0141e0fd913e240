//! The commit that is simulated: a claim about a million schedules is worth what it says of.

use std::{fmt, path::Path, process::Command};

/// Schedules that begin at a commit's own seed begin at a multiple of this, so that two ranges of a million do
/// not overlap.
const RANGE: u64 = 1_000_000;

/// What git says of the checkout that this was built in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    hash: String,
    date: String,
    /// Files differ from the commit.
    is_changed: bool,
}

impl Commit {
    /// `None` without git or outside a checkout, as in a copy.
    pub fn of_checkout() -> Option<Self> {
        let said = git(&["log", "-1", "--format=%H %cs"])?;
        let (hash, date) = said.split_once(' ')?;
        let is_changed = !git(&["status", "--porcelain", "--untracked-files=no"])?.is_empty();
        Some(Self { hash: hash.to_owned(), date: date.to_owned(), is_changed })
    }

    /// Where the schedules of this commit begin: another seed for every commit, the same on every machine.
    pub fn first_seed(&self) -> Option<u64> {
        let digits = self.hash.get(..10)?;
        Some(u64::from_str_radix(digits, 16).ok()? * RANGE)
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let changed = if self.is_changed { ", with changes that are not committed" } else { "" };
        write!(f, "commit {} of {}{changed}", self.hash.get(..12).unwrap_or(&self.hash), self.date)
    }
}

fn git(args: &[&str]) -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("git").arg("-C").arg(folder).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commit(hash: &str, is_changed: bool) -> Commit {
        Commit { hash: hash.to_owned(), date: "2026-11-30".to_owned(), is_changed }
    }

    #[test]
    fn first_seed_changes_with_the_commit() {
        let one = commit("7e82f02c0ffee000", false).first_seed().unwrap();
        let other = commit("7e82f02c10ffee00", false).first_seed().unwrap();
        assert_eq!(one % RANGE, 0);
        assert!(one.abs_diff(other) >= RANGE);
        assert!(commit("ffffffffffffffff", false).first_seed().unwrap() < u64::MAX - RANGE);
        assert_eq!(commit("not a hash", false).first_seed(), None);
    }

    #[test]
    fn commit_says_its_date_and_whether_it_was_changed() {
        assert_eq!(commit("7e82f02c0ffee000", false).to_string(), "commit 7e82f02c0ffe of 2026-11-30");
        assert!(commit("7e82f02c0ffee000", true).to_string().ends_with("not committed"));
    }
}
