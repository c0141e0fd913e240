//! A mistake in one link is that link's alone.

mod support;

use std::sync::Arc;

use latido_domain::{
    account::TenantId,
    device_link::{self, DeviceChannel, StoredLink},
    store::{Owner, Slice, StoreError},
};
use latido_protocol::link::{ConnectionLog, LinkAction, LogMetadata};
use latido_server::links::{
    Links,
    connector::{CommandId, Connector, Heard, Reading},
    lookup::Lookups,
    task::Environment,
};
use serde_json::json;
use support::{
    Server,
    links::{Source, add, admin, listen, near, online, status},
};

/// Comes to grief over a message that says so.
struct Fragile;

impl Connector for Fragile {
    fn opened(&mut self) -> Vec<String> {
        Vec::new()
    }

    fn heard(&mut self, text: &str) -> Vec<Heard> {
        assert!(!text.contains("grief"), "on purpose");
        DeviceChannel::new("lamp").map(|lamp| Heard::Reading(Reading::of(lamp))).into_iter().collect()
    }

    fn switch(&mut self, _: CommandId, _: &DeviceChannel, _: bool) -> Option<String> {
        None
    }

    fn forget(&mut self, _: CommandId) {}
}

#[tokio::test]
async fn a_panic_in_one_link_takes_its_devices_offline_and_leaves_the_others_alone() {
    let server = Server::start_with(|settings| settings.links = near()).await;
    let admin = admin(&server).await;
    let (one, two) = (Source::start().await, Source::start().await);
    let mut drafts = [one.draft(), two.draft()];
    drafts[1]["referenceId"] = json!("two");
    for mut draft in drafts {
        draft["autoReconnect"] = json!(false);
        add(&admin, draft).await;
    }
    let stored: Vec<StoredLink> =
        server.app().store.read::<_, StoreError, _>(device_link::all).await.unwrap();
    // The server's own tasks let go of them.
    server.app().links.close().await;

    let links = Links::with(Environment {
        store: Arc::clone(&server.app().store),
        clock: Arc::clone(&server.app().clock),
        settings: near(),
        lookups: Lookups::default(),
        connect: |_| Box::new(Fragile),
    });
    let mut socket = listen(&server, &admin).await;
    for link in &stored {
        links.begin(link.clone());
        let id = &link.connection.id;
        links.act(id, LinkAction::Start, LogMetadata::default()).await.unwrap();
    }
    let (mut one, mut two) = (one.accept().await, two.accept().await);
    one.say(json!("hello")).await;
    two.say(json!("hello")).await;
    online(&mut socket, true).await;
    online(&mut socket, true).await;

    one.say(json!("grief")).await;
    status(&mut socket, "disconnected").await;
    online(&mut socket, false).await;
    let states = server.app().store.read(|read| {
        let devices = device_link::devices(read, &TenantId::main())?;
        let offline = devices.iter().find(|own| !own.device.online);
        let log = Owner::link(offline.map_or("", |own| own.link.as_str()));
        let rows = read.list::<ConnectionLog>(&log, &Slice::default())?;
        let said: Vec<_> = rows.into_iter().filter_map(|row| row.message).collect();
        Ok::<_, StoreError>((devices.iter().filter(|own| own.device.online).count(), said))
    });
    let (online_devices, said) = states.await.unwrap();
    assert_eq!(online_devices, 1, "the other one's device");
    assert!(said.iter().any(|said| said.contains("begins it anew")), "{said:?}");

    two.say(json!("still there?")).await;
    let other =
        &stored.iter().find(|link| link.connection.reference_id.as_str() == "two").unwrap().connection.id;
    assert_eq!(links.stats(other).unwrap().status.as_str(), "connected");
    links.close().await;
}
