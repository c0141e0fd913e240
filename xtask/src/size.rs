//! How big the dashboard is: what a browser receives, file by file, for its first page and in all.

use std::fmt::{self, Display, Formatter};

/// Bytes of one file as it is and as it travels.
#[derive(Debug, PartialEq)]
pub struct FileSize {
    pub name: String,
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

/// Shown as a table that ends with sums.
pub struct SizeTable<'a>(pub &'a [FileSize]);

impl Display for SizeTable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|file| file.name.len()).max().unwrap_or(0).max(10);
        let mut line = |name: &str, raw: &str, gzip: &str, brotli: &str| {
            writeln!(f, "  {name:width$}  {raw:>9}  {gzip:>9}  {brotli:>9}")
        };
        line("", "raw", "gzip", "brotli")?;
        let (mut first, mut total) = ([0, 0, 0], [0, 0, 0]);
        for FileSize { name, raw, gzip, brotli } in self.0 {
            line(name, &kilobytes(*raw), &kilobytes(*gzip), &kilobytes(*brotli))?;
            total = [total[0] + raw, total[1] + gzip, total[2] + brotli];
            if is_first(name) {
                first = [first[0] + raw, first[1] + gzip, first[2] + brotli];
            }
        }
        for (name, sums) in [("first page", first), ("total", total)] {
            let [raw, gzip, brotli] = sums.map(kilobytes);
            line(name, &raw, &gzip, &brotli)?;
        }
        Ok(())
    }
}

/// Whether the first page waits for it: the page itself, its script and its wasm, and the icon of its tab.
fn is_first(name: &str) -> bool {
    ["index.html", "latido-", "favicon"].iter().any(|start| name.starts_with(start))
}

/// Thousands of bytes, as `302.1 kB`.
fn kilobytes(bytes: usize) -> String {
    let tenths = (bytes + 50) / 100;
    format!("{}.{} kB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_ends_with_sums_of_first_page_and_total() {
        let files = [
            FileSize { name: "latido-1_bg.wasm".into(), raw: 302_149, gzip: 130_000, brotli: 107_020 },
            FileSize { name: "latido-1.js".into(), raw: 6_700, gzip: 2_050, brotli: 1_949 },
            FileSize { name: "part-b.wasm".into(), raw: 1_000, gzip: 500, brotli: 400 },
        ];
        let table = SizeTable(&files).to_string();
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let sums: Vec<_> = table.lines().rev().take(2).map(words).collect();
        assert_eq!(sums[0], "total 309.8 kB 132.6 kB 109.4 kB");
        assert_eq!(sums[1], "first page 308.8 kB 132.1 kB 109.0 kB", "what is loaded later does not count");
        let widths: Vec<_> = table.lines().map(str::len).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "columns line up:\n{table}");
    }

    #[test]
    fn bytes_are_rounded_to_the_nearest_tenth() {
        assert_eq!(kilobytes(0), "0.0 kB");
        assert_eq!(kilobytes(49), "0.0 kB");
        assert_eq!(kilobytes(50), "0.1 kB");
        assert_eq!(kilobytes(1_950), "2.0 kB");
    }
}
