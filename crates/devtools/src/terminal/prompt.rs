//! The line that is being written, and what is shown above it.

use std::{
    collections::VecDeque,
    io::Write as _,
    time::{Duration, Instant},
};

use latido_protocol::{conversation::MessageText, delivery::DeliveryId};

use super::keyboard::Typed;

/// A pause this long in typing ends it; `typing:start` is repeated after as long.
pub const PAUSE: Duration = Duration::from_secs(5);
/// How many deliveries are remembered, to recognise repeated ones.
const REMEMBERED: usize = 256;

/// The longest line, in characters: more than a message may have, so that a pasted text is refused instead of cut.
const LONGEST: usize = 16 * MessageText::MAX;

/// What the chat has to do after a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptAction {
    Nothing,
    Typing(bool),
    Message(String),
    End,
}

pub struct Prompt {
    /// Whether the line is drawn here: in a terminal, not in a pipe.
    drawn: bool,
    line: String,
    /// When `typing:start` was last sent.
    typing_since: Option<Instant>,
    coach_types: bool,
    seen: VecDeque<DeliveryId>,
}

impl Prompt {
    pub fn new(drawn: bool) -> Self {
        Self { drawn, line: String::new(), typing_since: None, coach_types: false, seen: VecDeque::new() }
    }

    pub fn handle(&mut self, typed: Typed) -> PromptAction {
        let action = match typed {
            Typed::End => PromptAction::End,
            Typed::Enter => {
                if let Some(refusal) = too_long(&self.line) {
                    // The line stays, to be shortened.
                    self.show(&refusal);
                    PromptAction::Nothing
                } else {
                    let line = std::mem::take(&mut self.line);
                    self.message(line)
                }
            }
            Typed::Line(line) => match too_long(&line) {
                Some(refusal) => {
                    self.show(&refusal);
                    PromptAction::Nothing
                }
                None => self.message(line),
            },
            Typed::Letter(letter) => {
                if self.line.chars().count() < LONGEST && !letter.is_control() {
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
        if let PromptAction::Message(text) = &action
            && self.drawn
        {
            self.show(&format!("You: {text}"));
        }
        self.draw();
        action
    }

    /// Ends typing after a pause. Returns whether the contact was typing.
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
        // A closed output is no reason to end the chat.
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

    fn message(&mut self, line: String) -> PromptAction {
        let text = line.trim();
        if text.is_empty() {
            return self.types();
        }
        // The message ends the typing.
        self.typing_since = None;
        PromptAction::Message(text.to_owned())
    }

    fn types(&mut self) -> PromptAction {
        match self.typing_since {
            Some(_) if self.line.is_empty() => {
                self.typing_since = None;
                PromptAction::Typing(false)
            }
            Some(since) if since.elapsed() < PAUSE => PromptAction::Nothing,
            _ if self.line.is_empty() => PromptAction::Nothing,
            _ => {
                self.typing_since = Some(Instant::now());
                PromptAction::Typing(true)
            }
        }
    }
}

/// Why a line cannot be sent.
fn too_long(line: &str) -> Option<String> {
    let (count, max) = (line.trim().chars().count(), MessageText::MAX);
    (count > max)
        .then(|| format!("! {count} characters; a message has at most {max}. Nothing was sent; shorten it."))
}

/// The text without control characters, which could take over the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_sent_at_start_and_end() {
        let mut prompt = Prompt::new(false);
        assert_eq!(prompt.handle(Typed::Letter('H')), PromptAction::Typing(true));
        assert_eq!(prompt.handle(Typed::Letter('o')), PromptAction::Nothing);
        assert_eq!(prompt.handle(Typed::Backspace), PromptAction::Nothing);
        assert_eq!(prompt.handle(Typed::Backspace), PromptAction::Typing(false));
        assert_eq!(prompt.handle(Typed::Backspace), PromptAction::Nothing);
        assert!(!prompt.pause(), "no typing to end");
        prompt.handle(Typed::Letter('H'));
        assert!(prompt.pause());
        assert_eq!(prompt.handle(Typed::Letter('o')), PromptAction::Typing(true));
    }

    #[test]
    fn a_message_ends_typing_without_typing_stop() {
        let mut prompt = Prompt::new(false);
        for letter in "Hola ".chars() {
            prompt.handle(Typed::Letter(letter));
        }
        assert_eq!(prompt.handle(Typed::Enter), PromptAction::Message("Hola".to_owned()));
        assert!(!prompt.pause());
        assert_eq!(prompt.handle(Typed::Enter), PromptAction::Nothing, "an empty line is no message");
        assert_eq!(
            prompt.handle(Typed::Line("¿Qué tal?".to_owned())),
            PromptAction::Message("¿Qué tal?".to_owned())
        );
        assert_eq!(prompt.handle(Typed::End), PromptAction::End);
    }

    #[test]
    fn a_too_long_line_stays_and_is_not_sent() {
        let mut prompt = Prompt::new(false);
        for letter in format!("{} NOT 50 mg", "A".repeat(MessageText::MAX)).chars() {
            prompt.handle(Typed::Letter(letter));
        }
        assert_eq!(prompt.handle(Typed::Enter), PromptAction::Nothing);
        for _ in 0.." NOT 50 mg".len() {
            prompt.handle(Typed::Backspace);
        }
        assert_eq!(prompt.handle(Typed::Enter), PromptAction::Message("A".repeat(MessageText::MAX)));
        assert_eq!(prompt.handle(Typed::Line("A".repeat(MessageText::MAX + 1))), PromptAction::Nothing);
    }

    #[test]
    fn repeated_delivery_is_not_new() {
        let mut prompt = Prompt::new(false);
        assert!(prompt.is_new(&DeliveryId::new("d1")));
        assert!(!prompt.is_new(&DeliveryId::new("d1")));
    }

    #[test]
    fn control_characters_are_not_printed() {
        assert_eq!(printable("a\x1b[2Jb\r\nc\u{9b}d"), "a[2Jb\ncd");
    }
}
