//! SHA-256 of built files: as subresource integrity, and as a part of a file's name.

use std::{fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use crate::error::Error;

pub fn digest(file: &Path) -> Result<[u8; 32], Error> {
    let bytes = fs::read(file).map_err(Error::at("read", file))?;
    Ok(Sha256::digest(bytes).into())
}

/// The value of an `integrity` attribute.
pub fn integrity(file: &Path) -> Result<String, Error> {
    Ok(format!("sha256-{}", STANDARD.encode(digest(file)?)))
}

/// Sixteen hexadecimal digits that change with the content, in Trunk's format.
pub fn content_hash(file: &Path) -> Result<String, Error> {
    let number = digest(file)?.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
    Ok(format!("{number:016x}"))
}
