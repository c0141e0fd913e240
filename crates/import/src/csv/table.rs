//! A table: the columns by their names, and the cells of a record by their column.
//!
//! A header remembers which columns were read and which held something, so that what was not read can be said; and
//! how the file writes its numbers, which the first of two passes finds out.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use ::csv::{ReaderBuilder, StringRecord};
use serde_json::{Number, Value};

use super::number_format::NumberFormat;
use crate::quantity::{Quantity, split_unit};

/// How many columns a table may have.
const MAX_COLUMNS: usize = 256;

/// The headers of a column of numbers, each with the unit that it names; empty where it names none.
pub type Column = &'static [(&'static str, &'static str)];

/// The columns of a table. A name counts by its letters and digits alone: `proteinG`, `Protein (g)` and
/// `protein_g` are one.
pub struct Header {
    delimiter: u8,
    places: HashMap<String, usize>,
    columns: Vec<ColumnState>,
    number_format: Cell<NumberFormat>,
}

/// A column as the file calls it.
struct ColumnState {
    name: String,
    is_read: Cell<bool>,
    is_filled: Cell<bool>,
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
        let columns = names.iter().map(|name| ColumnState {
            name: name.trim().to_owned(),
            is_read: Cell::new(false),
            is_filled: Cell::new(false),
        });
        Some(Self { delimiter, places, columns: columns.collect(), number_format: Cell::default() })
    }

    pub fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Whether there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.places.contains_key(&plain(name))
    }

    /// Whether there is one of these columns.
    pub fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Whether there is a column of these numbers.
    pub fn has_column(&self, column: Column) -> bool {
        column.iter().any(|(name, _)| self.has(name))
    }

    /// Marks columns as read whose cells mean nothing here.
    pub fn ignore(&self, names: &[&str]) {
        for place in names.iter().filter_map(|name| self.places.get(&plain(name))) {
            self.mark_read(*place);
        }
    }

    fn mark_read(&self, place: usize) {
        if let Some(column) = self.columns.get(place) {
            column.is_read.set(true);
        }
    }

    /// The columns that held something and were not read, as the file calls them.
    pub fn unread(&self) -> Vec<String> {
        let unread = self.columns.iter().filter(|column| column.is_filled.get() && !column.is_read.get());
        unread.map(|column| column.name.clone()).collect()
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
        if said > self.columns.len() {
            return Err(format!("has {} cells where the header has {}", cells.len(), self.columns.len()));
        }
        for (column, cell) in self.columns.iter().zip(&cells) {
            if !cell.trim().is_empty() {
                column.is_filled.set(true);
            }
        }
        Ok(Some(Cells { header: self, texts: cells, learned: RefCell::default() }))
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

/// A number of a record as it is written, with its unit.
struct LearnedNumber {
    text: String,
    unit: String,
    quantity: Quantity,
}

pub struct Cells<'a> {
    header: &'a Header,
    texts: StringRecord,
    /// The numbers of this record, of which the header learns.
    learned: RefCell<Vec<LearnedNumber>>,
}

impl Cells<'_> {
    /// What stands in a column; nothing where the cell is blank or the column missing.
    pub fn text(&self, column: &str) -> Option<&str> {
        let place = *self.header.places.get(&plain(column))?;
        self.header.mark_read(place);
        self.texts.get(place).map(str::trim).filter(|text| !text.is_empty())
    }

    /// What stands in the first of these columns that is not blank.
    pub fn text_of(&self, columns: &[&str]) -> Option<&str> {
        // All of them, so that each counts as read.
        columns.iter().filter_map(|column| self.text(column)).fold(None, |first, text| first.or(Some(text)))
    }

    /// What stands in a column, as a number in the wire's unit. Text that is no number is returned as it is: whoever
    /// judges the field then says that it has to be a number. `unit` is what another cell says; a unit behind the
    /// number or in the column's name comes before it.
    pub fn number(
        &self,
        column: Column,
        quantity: Quantity,
        unit: Option<&str>,
    ) -> Result<Option<Value>, String> {
        let Some((name, of_column, text)) =
            column.iter().find_map(|(name, unit)| Some((*name, *unit, self.text(name)?)))
        else {
            return Ok(None);
        };
        let (number, of_cell) = split_unit(text);
        let unit = [of_cell, of_column, unit.unwrap_or_default()].into_iter().find(|unit| !unit.is_empty());
        let named = unit.unwrap_or_default();
        self.learned.borrow_mut().push(LearnedNumber {
            text: number.to_owned(),
            unit: named.to_owned(),
            quantity,
        });
        let format = self.header.number_format.get();
        let read = format.read(number, of_cell, named, quantity, self.header.delimiter);
        let value = match read {
            Ok(Some(value)) => value,
            Ok(None) => return Ok(Some(text.into())),
            Err((thousands, decimals)) => {
                return Err(format!(
                    "{name} can be {thousands} or {decimals}: nothing in the file tells how it writes its \
                     numbers. Write {text:?} without separators of thousands"
                ));
            }
        };
        let is_duration = number.contains([':', 'h', 'H']);
        let value = match unit {
            Some(unit) if !is_duration => {
                quantity.to_wire(value, unit).map_err(|reason| format!("{name}: {reason}"))?
            }
            Some(_) | None => value,
        };
        Ok(Some(Number::from_f64(value).map_or_else(|| text.into(), Value::Number)))
    }

    /// Lets the header learn from this record how the file writes its numbers.
    pub fn teach(self) {
        let learn = |known: NumberFormat, number: LearnedNumber| {
            known.learn(&number.text, &number.unit, number.quantity)
        };
        let learned = self.learned.into_inner().into_iter();
        self.header.number_format.set(learned.fold(self.header.number_format.get(), learn));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const A: Column = &[("a", "")];

    #[test]
    fn columns_are_found_however_they_are_spelled() {
        let header = Header::read("\u{feff}Date,\"Protein (g)\",protein_g").unwrap();
        assert!(header.has("date") && header.has("proteinG") && !header.has("fatG"));
        let cells = header.cells(b"2026-11-21, 12.5 ,3").unwrap().unwrap();
        let number = cells.number(&[("proteinG", "g")], Quantity::Nutrient, None);
        assert_eq!(number, Ok(Some(json!(12.5))));
        assert_eq!(header.unread(), ["Date", "protein_g"]);
    }

    #[test]
    fn the_decimal_comma_belongs_to_tables_without_commas() {
        let number = |header: &str, record: &str| {
            let header = Header::read(header).unwrap();
            header.cells(record.as_bytes()).unwrap().unwrap().number(A, Quantity::Energy, None)
        };
        assert_eq!(number("a;b", "71,4;x"), Ok(Some(json!(71.4))));
        assert_eq!(number("a\tb", "71.4\tx"), Ok(Some(json!(71.4))));
        assert_eq!(number("a;b", "1.050,5;x"), Ok(Some(json!(1050.5))));
        assert_eq!(number("a,b", "inf,x"), Ok(Some(json!("inf"))));
        assert_eq!(number("a,b", ",x"), Ok(None));
        // A thousand and fifty, or one and a bit? Nothing tells.
        let reason = number("a,b", "\"1,050\",x").unwrap_err();
        assert!(reason.starts_with("a can be 1050 or 1.05:"), "{reason}");
    }

    #[test]
    fn a_unit_stands_in_the_cell_the_column_or_beside_it() {
        let number = |header: &str, record: &str, unit| {
            let header = Header::read(header).unwrap();
            let column = &[("Energy (kJ)", "kJ"), ("Energy", "")];
            header.cells(record.as_bytes()).unwrap().unwrap().number(column, Quantity::Energy, unit)
        };
        assert_eq!(number("Energy (kJ),b", "1000,x", None), Ok(Some(json!(239.0))));
        assert_eq!(number("Energy,b", "1000 kJ,x", None), Ok(Some(json!(239.0))));
        assert_eq!(number("Energy,b", "1000,x", Some("kJ")), Ok(Some(json!(239.0))));
        let refused = Err("Energy: the unit \"BTU\" cannot be converted to kcal".to_owned());
        assert_eq!(number("Energy,b", "1000,x", Some("BTU")), refused);
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
