//! How big the dashboard is: what a browser receives, file by file and in all.

use std::fmt::{self, Display, Formatter};

/// Bytes of one file as it is and as it travels.
#[derive(Debug, PartialEq)]
pub struct FileSize {
    pub name: String,
    pub raw: usize,
    pub gzip: usize,
    pub brotli: usize,
}

/// Shown as a table with a line of sums.
pub struct SizeTable<'a>(pub &'a [FileSize]);

impl Display for SizeTable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|file| file.name.len()).max().unwrap_or(0).max(5);
        let mut line = |name: &str, raw: &str, gzip: &str, brotli: &str| {
            writeln!(f, "  {name:width$}  {raw:>9}  {gzip:>9}  {brotli:>9}")
        };
        line("", "raw", "gzip", "brotli")?;
        let mut total = [0, 0, 0];
        for FileSize { name, raw, gzip, brotli } in self.0 {
            line(name, &kilobytes(*raw), &kilobytes(*gzip), &kilobytes(*brotli))?;
            total = [total[0] + raw, total[1] + gzip, total[2] + brotli];
        }
        let [raw, gzip, brotli] = total.map(kilobytes);
        line("total", &raw, &gzip, &brotli)
    }
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
    fn the_table_ends_with_the_sums() {
        let files = [
            FileSize { name: "app.wasm".into(), raw: 302_149, gzip: 130_000, brotli: 107_020 },
            FileSize { name: "a.js".into(), raw: 6_700, gzip: 2_050, brotli: 1_949 },
        ];
        let table = SizeTable(&files).to_string();
        let last = table.lines().last().expect("a line of sums");
        assert_eq!(last.split_whitespace().collect::<Vec<_>>().join(" "), "total 308.8 kB 132.1 kB 109.0 kB");
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
