//! Export: everything a person has, as a ZIP of CSV files that a spreadsheet opens and
//! `latido-server import` reads.
//!
//! It is written in chunks: one page of a table is read, written into the ZIP and sent before the next is read. So an
//! export takes little memory however large it is, and a slow reader delays nothing else.
//!
//! [`pages`] reads the tables from the store; `latido-import` has their columns and the ZIP.

mod pages;

use latido_domain::store::{Store, StoreError};
use latido_import::export::archive::{Archive, ArchiveError};
use latido_protocol::session::UserId;

use self::pages::{Page, SOURCES, Source};

/// Why an export was not finished.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// An export in progress.
pub struct Export {
    user: UserId,
    next: Next,
}

enum Next {
    /// This page of the first of these tables.
    Page {
        archive: Box<Archive>,
        sources: &'static [Source],
        page: Page,
    },
    Done,
}

impl Export {
    pub fn new(user: UserId) -> Self {
        let next = Next::Page { archive: Box::new(Archive::new()), sources: SOURCES, page: Page::First };
        Self { user, next }
    }

    /// The next bytes of the ZIP, which may be none; `None` when it is complete.
    pub async fn next_chunk(&mut self, store: &dyn Store) -> Result<Option<Vec<u8>>, ExportError> {
        let (mut archive, sources, page) = match std::mem::replace(&mut self.next, Next::Done) {
            Next::Page { archive, sources, page } => (archive, sources, page),
            Next::Done => return Ok(None),
        };
        let Some((source, others)) = sources.split_first() else { return Ok(Some(archive.finish()?)) };
        let user = self.user.clone();
        let is_first = page == Page::First;
        let read = store.read(move |read| (source.page)(read, &user, page)).await?;
        if is_first {
            archive.start_table(source.table)?;
        }
        for row in &read.rows {
            archive.write_row(source.table, row)?;
        }
        let chunk = archive.drain()?;
        self.next = match read.next {
            Some(page) => Next::Page { archive, sources, page },
            None => Next::Page { archive, sources: others, page: Page::First },
        };
        Ok(Some(chunk))
    }
}
