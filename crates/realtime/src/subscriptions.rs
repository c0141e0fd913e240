//! Handles that end what they stand for when they are dropped.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
};

use latido_connection::Input;
use latido_protocol::event::{Event, Family, WireEvent};

use crate::driver::Driver;

/// The callbacks of a page, in the order in which they subscribed.
#[derive(Default)]
pub(crate) struct Subscribers {
    last: Cell<u32>,
    list: RefCell<Vec<Subscriber>>,
}

#[derive(Clone)]
struct Subscriber {
    number: u32,
    callback: Callback,
}

#[derive(Clone)]
pub(crate) enum Callback {
    /// For the events of a family.
    Events(Family, Rc<dyn Fn(&Event)>),
    /// For every event, also of types that the protocol does not know.
    Messages(Rc<dyn Fn(&Message)>),
}

impl Subscribers {
    pub fn add(self: &Rc<Self>, callback: Callback) -> Subscription {
        let number = self.last.get() + 1;
        self.last.set(number);
        self.list.borrow_mut().push(Subscriber { number, callback });
        Subscription { subscribers: self.clone(), number }
    }

    pub fn notify(&self, event: &Event) {
        let family = event.family();
        let message = OnceCell::new();
        for subscriber in self.current() {
            match subscriber.callback {
                Callback::Events(of, callback) if of == family => callback(event),
                Callback::Events(..) => {}
                Callback::Messages(callback) => callback(message.get_or_init(|| Message::of(event))),
            }
        }
    }

    /// An event of a type that the protocol does not know.
    pub fn notify_foreign(&self, message: &Message) {
        for subscriber in self.current() {
            if let Callback::Messages(callback) = subscriber.callback {
                callback(message);
            }
        }
    }

    /// A copy: a callback may subscribe or unsubscribe.
    fn current(&self) -> Vec<Subscriber> {
        self.list.borrow().clone()
    }
}

/// An event as it came over the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// As `foodLogCreated`.
    pub name: String,
    /// JSON; `null` where there is none.
    pub data: String,
}

impl Message {
    pub(crate) fn of(event: &Event) -> Self {
        let data = event.data().map_or_else(|_| "null".to_owned(), |data| data.get().to_owned());
        Self { name: event.name().to_owned(), data }
    }
}

/// A subscription to the events of a family. Dropping it ends it.
#[must_use = "dropping the subscription ends it"]
pub struct Subscription {
    subscribers: Rc<Subscribers>,
    number: u32,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.subscribers.list.borrow_mut().retain(|subscriber| subscriber.number != self.number);
    }
}

/// Membership of a room, on this socket and on every later one. Dropping it leaves the room.
#[must_use = "dropping it leaves the room"]
pub struct Room {
    driver: Rc<Driver>,
    channel: String,
}

impl Room {
    pub(crate) fn join(driver: Rc<Driver>, channel: String) -> Self {
        driver.input(Input::Subscribe { channel: channel.clone() });
        Self { driver, channel }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.driver.input(Input::Unsubscribe { channel: std::mem::take(&mut self.channel) });
    }
}
