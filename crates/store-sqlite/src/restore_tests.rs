//! A restore that is broken off at each of its steps.

use super::*;

const STEPS: [Step; 6] =
    [Step::Marked, Step::Copied, Step::Moved("-wal"), Step::Moved("-shm"), Step::Moved(""), Step::Published];

/// Makes a database that holds one word; its write-ahead log stays beside it, as after a kill.
fn database(path: &Path, word: &str) {
    let mut connection = Connection::open(path).unwrap();
    crate::migrate::migrate(&mut connection).unwrap();
    connection.execute("INSERT INTO meta VALUES ('word', ?1)", [word]).unwrap();
    // Copied while it is open: closing would fold the log in.
    for suffix in ["", "-wal"] {
        fs::copy(with_suffix(path, suffix), with_suffix(&path.with_extension("kept"), suffix)).unwrap();
    }
    drop(connection);
    for suffix in ["", "-wal"] {
        fs::rename(with_suffix(&path.with_extension("kept"), suffix), with_suffix(path, suffix)).unwrap();
    }
}

fn word(path: &Path) -> String {
    let connection = Connection::open(path).unwrap();
    connection.query_row("SELECT value FROM meta WHERE key = 'word'", [], |row| row.get(0)).unwrap()
}

/// Restores up to a step and leaves everything as it is then.
fn break_off(from: &Path, to: &Path, aside: &Path, at: Step) {
    let mut reached = |step| {
        let error = io::Error::other("killed");
        if step == at { Err(BackupError::Unwritable { path: PathBuf::new(), error }) } else { Ok(()) }
    };
    bring_back_by_steps(from, to, aside, &mut reached).unwrap_err();
}

#[test]
fn a_restore_broken_off_at_any_step_leaves_old_or_new() {
    for step in STEPS {
        let home = tempfile::tempdir().unwrap();
        let (from, to, aside) =
            (home.path().join("backup.db"), home.path().join("latido.db"), home.path().join("aside.db"));
        database(&from, "new");
        database(&to, "old");
        break_off(&from, &to, &aside, step);
        assert!(is_under_way(&to), "{step:?}");
        let (recovered, holds) =
            if step == Step::Published { (Recovered::Completed, "new") } else { (Recovered::Undone, "old") };
        assert_eq!(recover(&to).unwrap(), recovered, "{step:?}");
        assert_eq!(word(&to), holds, "{step:?}");
        assert_eq!(recover(&to).unwrap(), Recovered::Nothing, "{step:?}");
        if step == Step::Published {
            assert_eq!(word(&aside), "old", "what was there before is kept whole");
        }
    }
}

#[test]
fn a_first_restore_broken_off_does_not_start_empty() {
    for step in STEPS {
        let home = tempfile::tempdir().unwrap();
        let (from, to, aside) =
            (home.path().join("backup.db"), home.path().join("latido.db"), home.path().join("aside.db"));
        database(&from, "new");
        break_off(&from, &to, &aside, step);
        if step == Step::Published {
            assert_eq!(recover(&to).unwrap(), Recovered::Completed);
            assert_eq!(word(&to), "new");
            continue;
        }
        let refused = recover(&to).unwrap_err().to_string();
        assert!(refused.contains("backup.db") && refused.contains("run it again"), "{refused}");
        // And running it again goes well.
        bring_back(&from, &to, &aside).unwrap();
        assert_eq!(word(&to), "new", "{step:?}");
        assert!(!is_under_way(&to));
    }
}

#[test]
fn a_mark_that_was_cut_off_moves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let to = home.path().join("latido.db");
    database(&to, "old");
    fs::write(home.path().join(MARK), "replaced-2026").unwrap();
    assert_eq!(recover(&to).unwrap(), Recovered::Undone);
    assert_eq!(word(&to), "old");
}

#[test]
fn a_restore_that_fails_leaves_no_mark() {
    let home = tempfile::tempdir().unwrap();
    let (from, to) = (home.path().join("backup.db"), home.path().join("latido.db"));
    fs::write(&from, "no database").unwrap();
    assert!(bring_back(&from, &to, &home.path().join("aside.db")).is_err());
    assert!(!is_under_way(&to) && !to.exists());
    database(&to, "old");
    assert!(bring_back(&from, &to, &home.path().join("aside.db")).is_err());
    assert!(!is_under_way(&to));
    assert_eq!(word(&to), "old");
}
