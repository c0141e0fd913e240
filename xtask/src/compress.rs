//! Compresses what is served once, as well as can be, so that no server has to do it at every request.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::{error::Error, size::FileSize};

/// Kinds of files that get smaller; pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 8] = ["wasm", "js", "css", "html", "svg", "json", "webmanifest", "txt"];

/// Puts `name.br` and `name.gz` beside every compressible file in the folder and below; returns the sizes of
/// all files that may be requested, by name.
pub fn compress_folder(folder: &Path) -> Result<Vec<FileSize>, Error> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.retain(|file| !matches!(kind(file), Some("br" | "gz")));
    files.sort();
    files.iter().map(|file| compress_file(folder, file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Error> {
    for entry in folder.read_dir().map_err(Error::at("read", folder))? {
        let path = entry.map_err(Error::at("read", folder))?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn kind(file: &Path) -> Option<&str> {
    file.extension()?.to_str()
}

fn compress_file(folder: &Path, file: &Path) -> Result<FileSize, Error> {
    let name = file.strip_prefix(folder).unwrap_or(file).display().to_string();
    let bytes = fs::read(file).map_err(Error::at("read", file))?;
    let mut size = FileSize { name, raw: bytes.len(), gzip: bytes.len(), brotli: bytes.len() };
    if kind(file).is_some_and(|kind| COMPRESSIBLE.contains(&kind)) {
        size.gzip = write_if_smaller(file, "gz", &bytes, gzip)?;
        size.brotli = write_if_smaller(file, "br", &bytes, brotli)?;
    }
    Ok(size)
}

type Codec = fn(&[u8]) -> io::Result<Vec<u8>>;

/// Writes `file.ending` if that is smaller. Returns the bytes that a client receives.
fn write_if_smaller(file: &Path, ending: &str, bytes: &[u8], codec: Codec) -> Result<usize, Error> {
    let packed = codec(bytes).map_err(Error::at("compress", file))?;
    let mut sibling = file.as_os_str().to_owned();
    sibling.push(format!(".{ending}"));
    let sibling = PathBuf::from(sibling);
    if packed.len() >= bytes.len() {
        return Ok(bytes.len());
    }
    fs::write(&sibling, &packed).map_err(Error::at("write", &sibling))?;
    Ok(packed.len())
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(mut bytes: &[u8]) -> io::Result<Vec<u8>> {
    let params = BrotliEncoderParams { quality: 11, size_hint: bytes.len(), ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut packed, &params)?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn decompressing_restores_the_original() {
        let original = include_bytes!("compress.rs");
        let mut unpacked = Vec::new();
        let packed = gzip(original).expect("gzip");
        flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).expect("gunzip");
        assert_eq!(unpacked, original);

        let mut unpacked = Vec::new();
        let packed = brotli(original).expect("brotli");
        brotli::BrotliDecompress(&mut &packed[..], &mut unpacked).expect("unbrotli");
        assert_eq!(unpacked, original);
        assert!(packed.len() < original.len() / 2);
    }

    #[test]
    fn siblings_are_written_where_they_save_something() {
        let folder = std::env::temp_dir().join(format!("latido-compress-test-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("icons")).expect("folder");
        for (name, text) in
            [("app.js", "x();".repeat(100)), ("a.txt", "a".into()), ("icons/i.png", "png".repeat(99))]
        {
            fs::write(folder.join(name), text).expect("file");
        }
        let sizes = compress_folder(&folder).expect("compress");
        let names: Vec<_> = sizes.iter().map(|size| size.name.as_str()).collect();
        assert_eq!(names, ["a.txt", "app.js", "icons/i.png"]);
        assert!(folder.join("app.js.br").exists() && folder.join("app.js.gz").exists());
        assert!(!folder.join("a.txt.br").exists(), "one byte does not get smaller");
        assert!(!folder.join("icons/i.png.br").exists());

        // Again: the siblings are not compressed in turn.
        assert_eq!(compress_folder(&folder).expect("compress").len(), 3);
        fs::remove_dir_all(folder).expect("clear up");
    }
}
