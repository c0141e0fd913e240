//! Makes each deliberate mistake in a copy of the crates, builds it, and lets the simulator look for
//! it: which check finds it, and after how many schedules.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::mutations::{self, Mutation};

/// The crates that take part.
const CRATES: [&str; 4] = ["protocol", "connection", "cache", "simulator"];

/// How one mutation fared.
pub enum Found {
    /// By this check, with this seed, after so many schedules; as the simulator's brief line has it.
    By {
        check: String,
        seed: String,
        schedules: String,
    },
    NotFound,
    /// Its text does not occur exactly once any more.
    DoesNotApply,
    DoesNotBuild,
}

/// Tries those mutations whose name contains `filter`, prints the table as it grows, and says whether
/// all were found.
pub fn run(runs: u64, filter: &str) -> io::Result<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copy = root.join("target/mutations");
    prepare(&root, &copy)?;
    println!("| mutation | found by | schedules | seed |\n|---|---|---|---|");
    let mut all_found = true;
    for mutation in mutations::all().filter(|mutation| mutation.name.contains(filter)) {
        let found = try_one(&root, &copy, mutation, runs)?;
        all_found &= matches!(found, Found::By { .. });
        match found {
            Found::By { check, seed, schedules } => {
                println!("| {} | {check} | {schedules} | {seed} |", mutation.name);
            }
            Found::NotFound => println!("| {} | **not found** | {runs} | |", mutation.name),
            Found::DoesNotApply => println!("| {} | **does not apply** | | |", mutation.name),
            Found::DoesNotBuild => println!("| {} | **does not build** | | |", mutation.name),
        }
    }
    Ok(all_found)
}

fn try_one(root: &Path, copy: &Path, mutation: &Mutation, runs: u64) -> io::Result<Found> {
    let original = root.join("crates").join(mutation.file);
    let mutated = copy.join("crates").join(mutation.file);
    let text = fs::read_to_string(&original)?;
    if text.matches(mutation.find).count() != 1 {
        return Ok(Found::DoesNotApply);
    }
    fs::write(&mutated, text.replacen(mutation.find, mutation.replace, 1))?;
    let built =
        cargo(copy).args(["build", "--release", "--quiet", "--package", "latido-simulator"]).output()?;
    fs::write(&mutated, text)?;
    if !built.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&built.stderr));
        return Ok(Found::DoesNotBuild);
    }
    let simulator = target(copy).join("release/latido-simulator");
    let output = Command::new(simulator).args(["--brief", "--runs", &runs.to_string()]).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut words = said.trim().splitn(4, ' ');
    Ok(match (words.next(), words.next(), words.next(), words.next()) {
        (Some("failed"), Some(seed), Some(schedules), Some(check)) => {
            Found::By { check: check.to_owned(), seed: seed.to_owned(), schedules: schedules.to_owned() }
        }
        _ => Found::NotFound,
    })
}

fn target(copy: &Path) -> PathBuf {
    copy.join("target")
}

fn cargo(copy: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(copy).env("CARGO_TARGET_DIR", target(copy));
    cargo
}

/// A workspace of the crates that take part, fresh but for what was built in it before.
fn prepare(root: &Path, copy: &Path) -> io::Result<()> {
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    // The workspace's tables come first; what follows is the dashboard's own.
    let workspace = manifest.split("\n[package]").next().unwrap_or_default();
    let kept =
        workspace.lines().filter(|line| !line.starts_with("members") && !line.starts_with("default-members"));
    let mut text: String = kept.flat_map(|line| [line, "\n"]).collect();
    text = text.replacen("[workspace]\n", "[workspace]\nmembers = [\"crates/*\"]\n", 1);
    text += "\n[profile.release]\nincremental = true\n";
    fs::create_dir_all(copy)?;
    fs::write(copy.join("Cargo.toml"), text)?;
    fs::copy(root.join("Cargo.lock"), copy.join("Cargo.lock"))?;
    for name in CRATES {
        let (from, to) = (root.join("crates").join(name), copy.join("crates").join(name));
        if to.exists() {
            fs::remove_dir_all(&to)?;
        }
        copy_folder(&from, &to)?;
    }
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
