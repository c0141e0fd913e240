//! The device links, merged from responses and events in any order.
//!
//! Of two copies the one changed later wins, so a response that was requested before an event does not undo it. A link
//! known only from an event may be missing in the next response, which may be older; in the one after that it may not,
//! since requests are sequential.

use latido_protocol::{
    link::{LinkId, LinkStatus, LinkType},
    reason::Params,
    time::Timestamp,
};
use serde::Deserialize;

/// What is shown of a managed connection.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub id: LinkId,
    #[serde(rename = "type")]
    pub kind: LinkType,
    pub reference_id: String,
    pub status: LinkStatus,
    #[serde(default)]
    pub last_ping_at: Option<Timestamp>,
    #[serde(default)]
    pub error_message: Option<String>,
    #[serde(default)]
    pub error_code: Option<String>,
    #[serde(default)]
    pub error_params: Params,
    #[serde(default)]
    pub metadata: Option<LinkPlace>,
    pub auto_reconnect: bool,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkPlace {
    #[serde(default)]
    pub url: Option<String>,
    #[serde(default)]
    pub has_secret: bool,
}

#[derive(Deserialize)]
pub struct LinkList {
    pub connections: Vec<Link>,
}

#[derive(Deserialize)]
pub struct LinkOne {
    pub connection: Link,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// Newest first, as answers are; `None` before the first.
    known: Option<Vec<Link>>,
    /// Known from an event, and in no response yet.
    unconfirmed: Vec<LinkId>,
    /// Removed by this page. Ids are never used again, so whatever still speaks of them is old.
    removed: Vec<LinkId>,
}

impl Links {
    /// `None` before the first answer.
    pub fn all(&self) -> Option<&[Link]> {
        self.known.as_deref()
    }

    pub fn find(&self, id: &LinkId) -> Option<&Link> {
        self.known.as_ref()?.iter().find(|link| link.id == *id)
    }

    pub fn answer(&mut self, answer: Vec<Link>) {
        let before = self.known.take().unwrap_or_default();
        let unconfirmed = std::mem::take(&mut self.unconfirmed);
        let is_new = |link: &Link| {
            unconfirmed.contains(&link.id) && answer.iter().all(|answered| answered.id != link.id)
        };
        let mut links: Vec<Link> = before.iter().filter(|link| is_new(link)).cloned().collect();
        for answered in answer {
            let held = before.iter().find(|held| held.id == answered.id);
            links.push(match held {
                Some(held) if held.updated_at > answered.updated_at => held.clone(),
                _ => answered,
            });
        }
        links.retain(|link| !self.removed.contains(&link.id));
        self.known = Some(links);
    }

    /// An event, or the answer to an addition.
    pub fn put(&mut self, link: Link) {
        let Some(known) = self.known.as_mut().filter(|_| !self.removed.contains(&link.id)) else { return };
        match known.iter_mut().find(|held| held.id == link.id) {
            Some(held) if held.updated_at <= link.updated_at => *held = link,
            Some(_) => {}
            None => {
                self.unconfirmed.push(link.id.clone());
                known.insert(0, link);
            }
        }
    }

    pub fn remove(&mut self, id: &LinkId) {
        self.removed.push(id.clone());
        if let Some(known) = &mut self.known {
            known.retain(|link| link.id != *id);
        }
    }
}
