//! Export: everything a person has, as a ZIP of CSV files that a spreadsheet opens and
//! `latido-server import` reads.
//!
//! It is made piece by piece: a page of a table is read, written into the ZIP and handed on before the
//! next is read. So an export takes little memory however much there is, and who reads slowly holds
//! nothing up.
//!
//! | file | what it holds |
//! |---|---|
//! | [`table`] | the tables: one entry each |
//! | [`archive`] | the ZIP, as it grows |
//! | [`guard`] | keeps spreadsheets from taking a text for a formula |

mod archive;
pub mod guard;
mod table;

use std::io;

use latido_protocol::session::UserId;

use self::{
    archive::Archive,
    table::{Page, TABLES, Table},
};
use crate::store::{Store, StoreError};

/// Why an export was not finished.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    #[error("the ZIP could not be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("a table could not be written: {0}")]
    Csv(#[from] csv::Error),
    #[error("a table could not be written: {0}")]
    Io(#[from] io::Error),
}

/// An export on its way.
pub struct Export {
    user: UserId,
    next: Next,
}

enum Next {
    /// The page of the first of these tables that comes behind this place.
    Page {
        archive: Box<Archive>,
        tables: &'static [Table],
        behind: Page,
    },
    Done,
}

impl Export {
    pub fn of(user: UserId) -> Self {
        let next = Next::Page { archive: Box::new(Archive::new()), tables: TABLES, behind: Page::First };
        Self { user, next }
    }

    /// The next piece of the ZIP, which may be empty; none when it is whole.
    pub async fn next(&mut self, store: &dyn Store) -> Result<Option<Vec<u8>>, ExportError> {
        let (mut archive, tables, behind) = match std::mem::replace(&mut self.next, Next::Done) {
            Next::Page { archive, tables, behind } => (archive, tables, behind),
            Next::Done => return Ok(None),
        };
        let Some((table, others)) = tables.split_first() else { return Ok(Some(archive.finish()?)) };
        let user = self.user.clone();
        let is_first = behind == Page::First;
        let rows = store.read(move |read| (table.page)(read, &user, &behind)).await?;
        if is_first {
            archive.begin(table)?;
        }
        for row in &rows.rows {
            archive.write(table, row)?;
        }
        let piece = archive.take()?;
        self.next = match rows.next {
            Some(behind) => Next::Page { archive, tables, behind },
            None => Next::Page { archive, tables: others, behind: Page::First },
        };
        Ok(Some(piece))
    }
}
