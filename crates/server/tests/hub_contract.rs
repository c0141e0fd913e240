//! What every hub has to do. The suite runs against each implementation there is.

use std::sync::Arc;

use latido_domain::store::LoggedEvent;
use latido_protocol::session::UserId;
use latido_server::{
    auth::session_id::SessionId,
    hub::{CloseReason, Delivery, Hub, InProcessHub, Subscription},
};

/// Makes a module of tests for every implementation. Each makes a hub with queues of four, for at most
/// three sockets of a user.
macro_rules! suite {
    ($($name:ident),* $(,)?) => {
        mod in_process_hub {
            $(#[tokio::test] async fn $name() { super::$name(&super::InProcessHub::new(4, 3)).await; })*
        }
    };
}

suite![
    an_event_reaches_every_listening_socket_of_its_user,
    who_does_not_listen_is_sent_nothing,
    one_socket_too_many_displaces_the_oldest,
    a_full_queue_is_told_to_close_and_holds_up_nobody,
    the_end_of_a_session_closes_its_sockets,
    a_draining_hub_closes_all_and_lets_nobody_in,
    a_whisper_stays_in_its_room,
    a_place_is_given_up_by_dropping_it,
];

fn user(name: &str) -> UserId {
    UserId::new(name)
}

fn session(name: &str) -> SessionId {
    SessionId::new(name)
}

fn join(hub: &dyn Hub, name: &str) -> Subscription {
    let Some(membership) = hub.join(&user(name), &session(name)) else { panic!("the hub is draining") };
    membership.listen();
    membership
}

fn publish(hub: &dyn Hub, name: &str, seq: u64) -> Arc<LoggedEvent> {
    let event = Arc::new(LoggedEvent { user: user(name), seq, frame: format!("{name} {seq}") });
    hub.publish(&event);
    event
}

async fn an_event_reaches_every_listening_socket_of_its_user(hub: &dyn Hub) {
    let (mut one, mut two, mut other) = (join(hub, "lucia"), join(hub, "lucia"), join(hub, "marta"));
    let first = publish(hub, "lucia", 1);
    let second = publish(hub, "lucia", 2);
    for socket in [&mut one, &mut two] {
        assert_eq!(socket.next().await, Ok(Delivery::Event(Arc::clone(&first))));
        assert_eq!(socket.next().await, Ok(Delivery::Event(Arc::clone(&second))));
    }
    let hers = publish(hub, "marta", 1);
    assert_eq!(other.next().await, Ok(Delivery::Event(hers)), "and nothing of somebody else's before it");
    assert_eq!(hub.listening_sockets(&user("lucia")), 2);
}

async fn who_does_not_listen_is_sent_nothing(hub: &dyn Hub) {
    let Some(mut socket) = hub.join(&user("lucia"), &session("lucia")) else { panic!("draining") };
    publish(hub, "lucia", 1);
    socket.listen();
    let second = publish(hub, "lucia", 2);
    assert_eq!(socket.next().await, Ok(Delivery::Event(second)));
}

async fn one_socket_too_many_displaces_the_oldest(hub: &dyn Hub) {
    let mut oldest = join(hub, "lucia");
    let mut others = [join(hub, "lucia"), join(hub, "lucia"), join(hub, "lucia")];
    assert_eq!(oldest.closed().await, CloseReason::OneTooMany);
    let event = publish(hub, "lucia", 1);
    for socket in &mut others {
        assert_eq!(socket.next().await, Ok(Delivery::Event(Arc::clone(&event))));
    }
}

async fn a_full_queue_is_told_to_close_and_holds_up_nobody(hub: &dyn Hub) {
    let (mut slow, mut quick) = (join(hub, "lucia"), join(hub, "lucia"));
    for seq in 1..=5 {
        let event = publish(hub, "lucia", seq);
        assert_eq!(quick.next().await, Ok(Delivery::Event(event)));
    }
    assert_eq!(slow.next().await, Err(CloseReason::TooSlow), "the order goes before what is queued");
}

async fn the_end_of_a_session_closes_its_sockets(hub: &dyn Hub) {
    let (mut ended, mut other) = (join(hub, "lucia"), join(hub, "marta"));
    hub.close_session(&session("lucia"));
    assert_eq!(ended.closed().await, CloseReason::SignedOut);
    let event = publish(hub, "marta", 1);
    assert_eq!(other.next().await, Ok(Delivery::Event(event)));
}

async fn a_draining_hub_closes_all_and_lets_nobody_in(hub: &dyn Hub) {
    let mut socket = join(hub, "lucia");
    hub.drain();
    assert_eq!(socket.closed().await, CloseReason::Draining);
    assert!(hub.join(&user("lucia"), &session("lucia")).is_none());
    assert_eq!(hub.open_sockets(), 1, "it counts until it has gone");
    drop(socket);
    hub.emptied().await;
}

async fn a_whisper_stays_in_its_room(hub: &dyn Hub) {
    let (mut inside, mut speaker, mut outside) = (join(hub, "lucia"), join(hub, "coach"), join(hub, "marta"));
    inside.enter("conversation:1");
    inside.enter("conversation:1");
    speaker.enter("conversation:1");
    outside.enter("conversation:2");
    let frame: Arc<str> = "typing".into();
    hub.publish_ephemeral("conversation:1", &frame, Some(speaker.id()));
    let events = [publish(hub, "coach", 1), publish(hub, "marta", 1), publish(hub, "lucia", 1)];
    assert_eq!(inside.next().await, Ok(Delivery::Ephemeral(Arc::clone(&frame))));
    assert_eq!(inside.next().await, Ok(Delivery::Event(Arc::clone(&events[2]))), "whispered once");
    assert_eq!(speaker.next().await, Ok(Delivery::Event(Arc::clone(&events[0]))));
    assert_eq!(outside.next().await, Ok(Delivery::Event(Arc::clone(&events[1]))));

    inside.leave("conversation:1");
    hub.publish_ephemeral("conversation:1", &frame, None);
    let event = publish(hub, "lucia", 2);
    assert_eq!(inside.next().await, Ok(Delivery::Event(event)), "it has left");
    assert_eq!(speaker.next().await, Ok(Delivery::Ephemeral(frame)));
}

async fn a_place_is_given_up_by_dropping_it(hub: &dyn Hub) {
    let socket = join(hub, "lucia");
    socket.enter("conversation:1");
    assert_eq!((hub.open_sockets(), hub.listening_sockets(&user("lucia"))), (1, 1));
    drop(socket);
    assert_eq!((hub.open_sockets(), hub.listening_sockets(&user("lucia"))), (0, 0));
    hub.publish_ephemeral("conversation:1", &"typing".into(), None);
}
