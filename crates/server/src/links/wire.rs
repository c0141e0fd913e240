//! What a link's task holds of the network: nothing, a dial that is under way, or an open socket with the
//! connector that speaks over it. What is let go of is gone at once; a socket is closed politely meanwhile.

use std::{future::Future, pin::Pin, time::Duration};

use futures_util::{SinkExt, StreamExt};
use latido_protocol::reason::{Code, Reason};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message, error::CapacityError};

use super::{
    connector::Connector,
    dial::{Socket, Trouble},
    machine::Dial,
};

/// Who does not take a message for this long is gone.
const WRITE_WITHIN: Duration = Duration::from_secs(5);
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

pub type Dialling = Pin<Box<dyn Future<Output = Result<Socket, Trouble>> + Send>>;

pub enum Wire {
    None,
    Dialling { dial: Dial, dialling: Dialling },
    Open { dial: Dial, socket: Box<Socket>, connector: Box<dyn Connector> },
}

/// What came from the network.
pub enum Arrival {
    Dialled(Dial, Result<Box<Socket>, Trouble>),
    Text(Dial, String),
    /// Anything else that shows that somebody is there, with its bytes if it was a message.
    Sign(Dial, Option<usize>),
    Lost(Dial, Reason),
}

impl Wire {
    /// Waits for what comes next. Nothing is lost when the waiting is given up.
    pub async fn next(&mut self) -> Arrival {
        match self {
            Self::None => std::future::pending().await,
            Self::Dialling { dial, dialling } => Arrival::Dialled(*dial, dialling.await.map(Box::new)),
            Self::Open { dial, socket, .. } => match socket.next().await {
                Some(Ok(Message::Text(text))) => Arrival::Text(*dial, text.as_str().to_owned()),
                Some(Ok(Message::Binary(bytes))) => Arrival::Sign(*dial, Some(bytes.len())),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {
                    Arrival::Sign(*dial, None)
                }
                Some(Ok(Message::Close(_))) | None => {
                    Arrival::Lost(*dial, Code::SourceClosed.says("The source closed the connection."))
                }
                Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. }))) => {
                    let trouble = "The source sent a message of more than 64 KiB.";
                    Arrival::Lost(*dial, Code::MessageTooLarge.says(trouble))
                }
                Some(Err(_)) => Arrival::Lost(*dial, Code::SourceBroke.says("The connection broke.")),
            },
        }
    }

    /// Sends it over this dial's socket, if that is still there. `Err`: it could not be sent.
    pub async fn send(&mut self, number: Dial, message: Message) -> Result<(), ()> {
        match self {
            Self::Open { dial, socket, .. } if *dial == number => {
                match timeout(WRITE_WITHIN, socket.send(message)).await {
                    Ok(Ok(())) => Ok(()),
                    Ok(Err(_)) | Err(_) => Err(()),
                }
            }
            Self::None | Self::Dialling { .. } | Self::Open { .. } => Ok(()),
        }
    }

    /// The connector of this dial, if its socket is still there.
    pub fn connector(&mut self, number: Dial) -> Option<&mut Box<dyn Connector>> {
        match self {
            Self::Open { dial, connector, .. } if *dial == number => Some(connector),
            Self::None | Self::Dialling { .. } | Self::Open { .. } => None,
        }
    }

    /// Lets go of whatever there is.
    pub fn hang_up(&mut self) {
        if let Self::Open { mut socket, .. } = std::mem::replace(self, Self::None) {
            tokio::spawn(async move { timeout(CLOSE_WITHIN, socket.as_mut().close(None)).await });
        }
    }
}
