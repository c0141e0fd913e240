//! Detects the export, and reads it to its end.

use std::io::BufRead;

use quick_xml::{Reader, events::Event};

use super::{bounded::Bounded, nesting::Elements, sample::Samples};
use crate::event::{Options, ReadError, ReadEvent, Sink};

/// Whether a file that begins like this is Apple Health's export.
pub fn detect(head: &str) -> bool {
    head.trim_start_matches('\u{feff}').trim_start().starts_with('<')
        && (head.contains("<HealthData") || head.contains("<!DOCTYPE HealthData"))
}

/// Reads an export. What is broken beyond reading ends it: everything before is imported.
pub fn read(input: impl BufRead, options: &Options, sink: Sink) -> Result<(), ReadError> {
    let mut xml = Reader::from_reader(Bounded::new(input));
    let config = xml.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let mut elements = Elements::new(Samples::new(options));
    let mut buffer = Vec::new();
    let broken = loop {
        buffer.clear();
        xml.get_mut().begin_element();
        let line = xml.get_ref().line();
        let done = match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                elements.open(line, &tag);
                Ok(())
            }
            Ok(Event::Empty(tag)) => {
                elements.open(line, &tag);
                elements.close(sink)
            }
            Ok(Event::End(_)) => elements.close(sink),
            Ok(Event::Eof) if elements.is_inside() => {
                break Some((line, "the file ends in the middle".to_owned()));
            }
            Ok(Event::Eof) => break None,
            Ok(_) => Ok(()),
            Err(error) => break Some((line, format!("the XML is broken here ({error})"))),
        };
        done.map_err(ReadError::Sink)?;
    };
    elements.finish(sink).map_err(ReadError::Sink)?;
    if let Some((line, what)) = broken {
        let reason = format!("{what}; what comes behind could not be read");
        sink(ReadEvent::BadRow { line, reason }).map_err(ReadError::Sink)?;
    }
    Ok(())
}
