//! What is typed. In a terminal every key counts, because typing is to be seen on the other side; from a
//! pipe whole lines come.

use std::io::{self, BufRead, IsTerminal};

use crossterm::{
    event::{self, Event, KeyCode, KeyEventKind, KeyModifiers},
    terminal,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    Letter(char),
    Backspace,
    /// Takes back the whole line.
    Clear,
    Enter,
    /// A whole line at once.
    Line(String),
    End,
}

pub enum Keyboard {
    Terminal,
    Pipe,
}

impl Keyboard {
    /// Takes the terminal over, if there is one: it then shows only what it is told to.
    pub fn open() -> io::Result<Self> {
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            terminal::enable_raw_mode()?;
            return Ok(Self::Terminal);
        }
        Ok(Self::Pipe)
    }

    pub fn is_a_terminal(&self) -> bool {
        matches!(self, Self::Terminal)
    }

    /// Hands over what is typed until that is the end, or nobody wants it any more.
    pub fn listen(&self, mut hand_over: impl FnMut(Typed) -> bool) {
        match self {
            Self::Terminal => {
                while let Ok(event) = event::read() {
                    if let Some(typed) = typed(&event)
                        && !hand_over(typed)
                    {
                        return;
                    }
                }
            }
            Self::Pipe => {
                for line in io::stdin().lock().lines().map_while(Result::ok) {
                    if !hand_over(Typed::Line(line)) {
                        return;
                    }
                }
            }
        }
        hand_over(Typed::End);
    }
}

/// Gives the terminal back as it was.
pub fn restore() {
    // It fails where it was never taken over.
    let _ = terminal::disable_raw_mode();
}

fn typed(event: &Event) -> Option<Typed> {
    let Event::Key(key) = event else { return None };
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Char('c' | 'd') if control => Some(Typed::End),
        KeyCode::Char('u') if control => Some(Typed::Clear),
        KeyCode::Char(letter) if !control => Some(Typed::Letter(letter)),
        KeyCode::Backspace => Some(Typed::Backspace),
        KeyCode::Enter => Some(Typed::Enter),
        _ => None,
    }
}
