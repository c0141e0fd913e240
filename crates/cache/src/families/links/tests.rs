#![allow(clippy::unwrap_used)]

use latido_protocol::{
    link::{LinkEvent, LinkStatus},
    time::Timestamp,
};

use super::*;
use crate::{FetchMark, collection::Collection, model::Model};

const NOW: Timestamp = Timestamp::EPOCH;

fn link(id: &str, status: LinkStatus, updated_ms: i64) -> ManagedConnection {
    let at = |ms| Timestamp::from_unix_ms(ms);
    let text = format!(
        r#"{{"id":"{id}","type":"SHELLY","referenceId":"{id}","status":"{}","autoReconnect":true,
        "createdAt":"{}","updatedAt":"{}"}}"#,
        status.as_str(),
        at(i64::from(id.as_bytes()[0])),
        at(updated_ms)
    );
    serde_json::from_str(&text).unwrap()
}

type Links = Collection<ManagedConnection>;

fn answer_to(links: &mut Links, mark: FetchMark, connections: Vec<ManagedConnection>) {
    Model::apply_first_page(links, mark, ConnectionList { connections }, true);
}

fn answer(links: &mut Links, connections: Vec<ManagedConnection>) {
    let mark = links.begin_fetch(NOW);
    answer_to(links, mark, connections);
}

fn hear(links: &mut Links, link: ManagedConnection) {
    links.apply_event(&Event::heard(&LinkEvent::Updated(Box::new(link))).unwrap(), NOW);
}

fn shown(links: &Links) -> Vec<(&str, LinkStatus)> {
    links.rows().map(|link| (link.id.as_str(), link.status)).collect()
}

#[test]
fn earlier_answer_does_not_undo_an_event() {
    use LinkStatus::{Connected, Disconnected, Error, Reconnecting};
    let mut links = Links::new((), 100);
    answer(&mut links, vec![link("a", Disconnected, 1)]);
    let mark = links.begin_fetch(NOW);
    hear(&mut links, link("a", Connected, 5));
    hear(&mut links, link("b", Reconnecting, 6));
    answer_to(&mut links, mark, vec![link("a", Disconnected, 1)]);
    assert_eq!(shown(&links), [("b", Reconnecting), ("a", Connected)]);
    answer(&mut links, vec![link("b", Connected, 7), link("a", Connected, 5)]);
    hear(&mut links, link("b", Error, 6));
    assert_eq!(shown(&links)[0], ("b", Connected), "an old event has no effect");
}

#[test]
fn removed_link_stays_removed() {
    use LinkStatus::{Connected, Disconnected};
    let mut links = Links::new((), 100);
    answer(&mut links, vec![link("a", Connected, 1), link("b", Connected, 1)]);
    links.remove("a");
    hear(&mut links, link("a", Disconnected, 9));
    answer(&mut links, vec![link("a", Connected, 1), link("b", Connected, 1)]);
    assert_eq!(shown(&links), [("b", Connected)]);
    answer(&mut links, Vec::new());
    assert_eq!(shown(&links), []);
}
