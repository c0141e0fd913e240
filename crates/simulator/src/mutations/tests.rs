use std::path::Path;

use super::*;

#[test]
fn every_mutation_applies() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for mutation in all() {
        let text = std::fs::read_to_string(crates.join(mutation.file)).unwrap();
        assert_eq!(text.matches(mutation.find).count(), 1, "{} in {}", mutation.name, mutation.file);
    }
}
