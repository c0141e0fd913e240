//! The line that is being written, and what is shown above it.

use std::{collections::VecDeque, io::Write as _, time::Instant};

use latido_protocol::{conversation::MessageText, delivery::DeliveryId};

use super::{PAUSE, keyboard::Typed};

/// So many deliveries are remembered, to tell those that come again.
const REMEMBERED: usize = 256;

/// What typing amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    Typing(bool),
    Message(String),
    End,
}

pub struct Prompt {
    /// Whether the line is ours to draw.
    drawn: bool,
    line: String,
    /// When it was last said that the contact is typing.
    typing_since: Option<Instant>,
    coach_types: bool,
    seen: VecDeque<DeliveryId>,
}

impl Prompt {
    pub fn new(drawn: bool) -> Self {
        Self { drawn, line: String::new(), typing_since: None, coach_types: false, seen: VecDeque::new() }
    }

    pub fn take(&mut self, typed: Typed) -> Said {
        let said = match typed {
            Typed::End => Said::End,
            Typed::Enter => {
                let line = std::mem::take(&mut self.line);
                self.message(line)
            }
            Typed::Line(line) => self.message(line),
            Typed::Letter(letter) => {
                if self.line.chars().count() < MessageText::MAX && !letter.is_control() {
                    self.line.push(letter);
                }
                self.types()
            }
            Typed::Backspace => {
                self.line.pop();
                self.types()
            }
            Typed::Clear => {
                self.line.clear();
                self.types()
            }
        };
        if let Said::Message(text) = &said
            && self.drawn
        {
            self.show(&format!("You: {text}"));
        }
        self.draw();
        said
    }

    /// Nothing has been typed for a while. Gives whether typing has ended by that.
    pub fn pause(&mut self) -> bool {
        self.typing_since.take().is_some()
    }

    /// Whether this delivery has not been seen before.
    pub fn is_new(&mut self, id: &DeliveryId) -> bool {
        if self.seen.contains(id) {
            return false;
        }
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(id.clone());
        true
    }

    pub fn coach_types(&mut self, typing: bool) {
        if self.coach_types == typing {
            return;
        }
        self.coach_types = typing;
        if self.drawn {
            self.draw();
        } else {
            self.show(if typing { "(the coach is typing)" } else { "(the coach has stopped typing)" });
        }
    }

    /// Shows something above the line.
    pub fn show(&self, text: &str) {
        let mut out = std::io::stdout();
        // Whoever closes our output wants to see nothing.
        let _ = if self.drawn {
            write!(out, "\r\x1b[K{}\r\n", printable(text).replace('\n', "\r\n"))
        } else {
            writeln!(out, "{}", printable(text))
        };
        let _ = out.flush();
        self.draw();
    }

    fn draw(&self) {
        if self.drawn {
            let typing = if self.coach_types { "(the coach is typing) " } else { "" };
            let mut out = std::io::stdout();
            let _ = write!(out, "\r\x1b[K{typing}> {}", self.line);
            let _ = out.flush();
        }
    }

    fn message(&mut self, line: String) -> Said {
        let text = line.trim();
        if text.is_empty() {
            return self.types();
        }
        // The message ends the typing.
        self.typing_since = None;
        Said::Message(text.to_owned())
    }

    fn types(&mut self) -> Said {
        match self.typing_since {
            Some(_) if self.line.is_empty() => {
                self.typing_since = None;
                Said::Typing(false)
            }
            Some(since) if since.elapsed() < PAUSE => Said::Nothing,
            _ if self.line.is_empty() => Said::Nothing,
            _ => {
                self.typing_since = Some(Instant::now());
                Said::Typing(true)
            }
        }
    }
}

/// Without the control characters by which a message could take the terminal over.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_said_when_it_begins_and_ends() {
        let mut prompt = Prompt::new(false);
        assert_eq!(prompt.take(Typed::Letter('H')), Said::Typing(true));
        assert_eq!(prompt.take(Typed::Letter('o')), Said::Nothing);
        assert_eq!(prompt.take(Typed::Backspace), Said::Nothing);
        assert_eq!(prompt.take(Typed::Backspace), Said::Typing(false));
        assert_eq!(prompt.take(Typed::Backspace), Said::Nothing);
        assert!(!prompt.pause(), "nobody was typing");
        prompt.take(Typed::Letter('H'));
        assert!(prompt.pause());
        assert_eq!(prompt.take(Typed::Letter('o')), Said::Typing(true));
    }

    #[test]
    fn a_message_ends_the_typing_without_saying_so() {
        let mut prompt = Prompt::new(false);
        for letter in "Hola ".chars() {
            prompt.take(Typed::Letter(letter));
        }
        assert_eq!(prompt.take(Typed::Enter), Said::Message("Hola".to_owned()));
        assert!(!prompt.pause());
        assert_eq!(prompt.take(Typed::Enter), Said::Nothing, "an empty line is no message");
        assert_eq!(prompt.take(Typed::Line("¿Qué tal?".to_owned())), Said::Message("¿Qué tal?".to_owned()));
        assert_eq!(prompt.take(Typed::End), Said::End);
    }

    #[test]
    fn what_comes_again_is_known() {
        let mut prompt = Prompt::new(false);
        assert!(prompt.is_new(&DeliveryId::new("d1")));
        assert!(!prompt.is_new(&DeliveryId::new("d1")));
    }

    #[test]
    fn a_message_cannot_take_the_terminal_over() {
        assert_eq!(printable("a\x1b[2Jb\r\nc\u{9b}d"), "a[2Jb\ncd");
    }
}
