//! A table: the columns by their names, and the cells of a record by their column.

use std::collections::HashMap;

use ::csv::{ReaderBuilder, StringRecord};
use serde_json::{Number, Value};

/// How many columns a table may have.
const MAX_COLUMNS: usize = 256;

/// The columns of a table. A name counts by its letters and digits alone: `proteinG`, `Protein (g)` and
/// `protein_g` are one.
pub struct Header {
    delimiter: u8,
    places: HashMap<String, usize>,
    columns: usize,
}

impl Header {
    /// Reads a header line, separated by commas, semicolons or tabs: whichever there are most of.
    pub fn read(line: &str) -> Option<Self> {
        let line = line.trim_start_matches('\u{feff}');
        let count = |delimiter: u8| line.bytes().filter(|byte| *byte == delimiter).count();
        // The comma wins a tie.
        let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter))?;
        let names = split(line.as_bytes(), delimiter)?;
        if names.len() > MAX_COLUMNS {
            return None;
        }
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(plain(name)).or_insert(place);
        }
        Some(Self { delimiter, places, columns: names.len() })
    }

    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(&plain(name))
    }

    /// The cells of a record; none of one that is blank.
    pub fn cells(&self, record: &[u8]) -> Result<Option<Cells<'_>>, String> {
        if record.iter().all(u8::is_ascii_whitespace) {
            return Ok(None);
        }
        let Some(cells) = split(record, self.delimiter) else { return Err("is not UTF-8".to_owned()) };
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Ok(None);
        }
        let said = cells.len() - cells.iter().rev().take_while(|cell| cell.trim().is_empty()).count();
        if said > self.columns {
            return Err(format!("has {} cells where the header has {}", cells.len(), self.columns));
        }
        Ok(Some(Cells { header: self, cells }))
    }
}

/// The cells of one record, or nothing where they are not UTF-8.
fn split(record: &[u8], delimiter: u8) -> Option<StringRecord> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(record.len().max(1))
        .from_reader(record);
    let mut cells = StringRecord::new();
    reader.read_record(&mut cells).ok()?.then_some(cells)
}

fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

pub struct Cells<'a> {
    header: &'a Header,
    cells: StringRecord,
}

impl Cells<'_> {
    /// What stands in a column; nothing where the cell is blank or the column missing.
    pub fn text(&self, column: &str) -> Option<&str> {
        let place = *self.header.places.get(&plain(column))?;
        self.cells.get(place).map(str::trim).filter(|text| !text.is_empty())
    }

    /// What stands in a column, as a number if it is one and as it stands if not: whoever judges the
    /// field then says that it has to be a number. The decimal comma belongs to tables that are not
    /// separated by it.
    pub fn number(&self, column: &str) -> Option<Value> {
        let text = self.text(column)?;
        let number = if self.header.delimiter == b',' || text.contains('.') {
            text.parse::<f64>()
        } else {
            text.replacen(',', ".", 1).parse()
        };
        let number = number.ok().and_then(Number::from_f64);
        Some(number.map_or_else(|| text.into(), Value::Number))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_found_however_they_are_spelled() {
        let header = Header::read("\u{feff}Date,\"Protein (g)\",protein_g").unwrap();
        assert!(header.has("date") && header.has("proteinG") && !header.has("fatG"));
        let cells = header.cells(b"2026-11-21, 12.5 ,3").unwrap().unwrap();
        assert_eq!(cells.number("proteinG"), Some(json!(12.5)));
    }

    #[test]
    fn the_decimal_comma_belongs_to_tables_without_commas() {
        let number = |header: &str, record: &str| {
            let header = Header::read(header).unwrap();
            header.cells(record.as_bytes()).unwrap().unwrap().number("a")
        };
        assert_eq!(number("a;b", "71,4;x"), Some(json!(71.4)));
        assert_eq!(number("a\tb", "71.4\tx"), Some(json!(71.4)));
        // A thousand and fifty, or one and a bit? Nobody knows.
        assert_eq!(number("a,b", "\"1,050\",x"), Some(json!("1,050")));
        assert_eq!(number("a;b", "1.050,5;x"), Some(json!("1.050,5")));
        assert_eq!(number("a,b", "inf,x"), Some(json!("inf")));
        assert_eq!(number("a,b", ",x"), None);
    }

    #[test]
    fn a_record_that_is_too_wide_or_no_text_is_refused() {
        let header = Header::read("a,b").unwrap();
        assert!(header.cells(b"1,2,,\n").unwrap().is_some());
        assert!(header.cells(b"1\n").unwrap().is_some());
        assert!(header.cells(b" , \r\n").unwrap().is_none());
        assert_eq!(header.cells(b"1,2,3\n").err().as_deref(), Some("has 3 cells where the header has 2"));
        assert_eq!(header.cells(b"1,\xff\n").err().as_deref(), Some("is not UTF-8"));
    }
}
