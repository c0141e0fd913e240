//! `latido-server chat`: being the contact, from a terminal. What is typed arrives as the contact's
//! message, typing included; what the coach writes appears here, and is reported as delivered and read.
//!
//! It is a provider in small, and uses nothing but the webhooks that any provider would: it signs what it
//! posts, and fetches what the server has for the contact.
//!
//! | file | what it holds |
//! |---|---|
//! | [`side`] | the contact's side of the webhooks |
//!
//! Keyboard and prompt are in `latido-devtools`.

mod side;

use std::{
    path::PathBuf,
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use clap::Args;
use latido_devtools::terminal::{
    keyboard::{self, Keyboard, Typed},
    prompt::{PAUSE, Prompt, PromptAction},
};
use latido_protocol::conversation::MessageStatus;

use self::side::{Side, SideError};
use crate::{
    http::webhooks::Fetched,
    webhook::{
        outbound::Outbound,
        secret::{self, Secret, SecretError},
    },
};

#[derive(Args)]
pub struct ChatArgs {
    /// Whom to be: a contact's id or address
    #[arg(long, value_name = "ID_OR_ADDRESS")]
    contact: String,

    /// Where the server is
    #[arg(long, env = "LATIDO_URL", default_value = "http://127.0.0.1:8787")]
    url: String,

    /// The server's webhook secret; read from its data directory if it is not given
    #[arg(long, env = "LATIDO_WEBHOOK_SECRET", hide_env_values = true)]
    secret: Option<String>,

    /// The data directory of a server on this machine
    #[arg(long, env = "LATIDO_DATA", default_value = "data", value_name = "DIR")]
    data: PathBuf,

    /// The tenant in which the address is looked for
    #[arg(long, default_value = "main")]
    tenant: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ChatError {
    #[error(
        "{0}\nSay with --secret what the server's webhook secret is, or with --data where its data directory is."
    )]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Side(#[from] SideError),
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] std::io::Error),
}

/// How long to wait before the server is asked again that did not answer.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What the conversation reacts to.
enum Heard {
    Typed(Typed),
    Fetched(Fetched),
    /// The server does not answer.
    Lost(SideError),
}

pub fn run(args: &ChatArgs) -> Result<(), ChatError> {
    let secret = match &args.secret {
        // While a secret is being replaced there are several; the first is the newest.
        Some(secrets) => Secret::new(secrets.split(',').next().unwrap_or_default().trim())?,
        None => secret::load(&args.data)?,
    };
    let (side, name) = Side::find(&args.url, secret, &args.tenant, &args.contact)?;
    let keyboard = Keyboard::open()?;
    let mut prompt = Prompt::new(keyboard.is_a_terminal());
    prompt.show(&format!("You are {name}. What you write appears in the dashboard. Ctrl-D ends."));

    let (heard, hearing) = mpsc::channel();
    let typed = heard.clone();
    thread::spawn(move || keyboard.listen(|key| typed.send(Heard::Typed(key)).is_ok()));
    let fetching = side.clone();
    thread::spawn(move || keep_fetching(&fetching, &heard));
    converse(&side, &mut prompt, &hearing);
    keyboard::restore();
    Ok(())
}

/// Fetches, and acknowledges what was fetched with the next fetch.
fn keep_fetching(side: &Side, heard: &mpsc::Sender<Heard>) {
    let (mut last, mut typing) = (None, false);
    loop {
        let fetched = side.fetch(last.as_ref(), typing);
        let failed = fetched.is_err();
        let news = match fetched {
            Ok(fetched) => {
                last = fetched.deliveries.iter().filter_map(Outbound::id).next_back().cloned();
                typing = fetched.typing;
                Heard::Fetched(fetched)
            }
            Err(error) => Heard::Lost(error),
        };
        if heard.send(news).is_err() {
            return;
        }
        if failed {
            thread::sleep(AGAIN_AFTER);
        }
    }
}

fn converse(side: &Side, prompt: &mut Prompt, hearing: &mpsc::Receiver<Heard>) {
    let mut lost = false;
    loop {
        match hearing.recv_timeout(PAUSE) {
            Ok(Heard::Typed(typed)) => match prompt.handle(typed) {
                PromptAction::End => return,
                PromptAction::Nothing => {}
                PromptAction::Typing(typing) => side.typing(typing),
                PromptAction::Message(text) => {
                    if let Err(error) = side.say(&text) {
                        prompt.show(&format!("! {error}"));
                    }
                }
            },
            Ok(Heard::Fetched(fetched)) => {
                lost = false;
                show(side, prompt, &fetched);
            }
            Ok(Heard::Lost(error)) => {
                // Said once, not with every try.
                if !std::mem::replace(&mut lost, true) {
                    prompt.show(&format!("! {error}\n! Trying again until it answers."));
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                if prompt.pause() {
                    side.typing(false);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn show(side: &Side, prompt: &mut Prompt, fetched: &Fetched) {
    for delivery in &fetched.deliveries {
        match delivery {
            Outbound::Message { message_id, text, id, .. } => {
                if prompt.is_new(id) {
                    prompt.show(&format!("Coach: {}", text.as_str()));
                }
                side.report(message_id, MessageStatus::Delivered);
                side.report(message_id, MessageStatus::Read);
            }
            Outbound::Read { id, .. } => {
                if prompt.is_new(id) {
                    prompt.show("(read)");
                }
            }
            Outbound::TypingStart { .. } | Outbound::TypingStop { .. } => {}
        }
    }
    prompt.coach_types(fetched.typing);
}
