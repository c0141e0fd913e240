//! What the tab and its user do: freezing, sleeping, going offline, signing out.

use latido_connection::Input;

use crate::{
    happening::{Happening, Recovery},
    network::Http,
    story::tell,
    tally::Class,
    world::World,
};

impl World {
    /// A browser freezes hidden tabs only.
    pub(crate) fn freeze(&mut self) {
        if self.page.paused {
            return;
        }
        self.hide();
        let ms = self.dice.about(1_000, 300_000);
        tell!(self, "tab", "is frozen for {ms} ms");
        self.count(Class::Frozen);
        self.input(Input::Frozen);
        self.page.pause(self.now);
        self.after(ms, Happening::Recover(Recovery::Thaw));
    }

    /// The user goes to another page, and comes back to this one as it was. Some browsers close its
    /// sockets meanwhile.
    pub(crate) fn cache(&mut self) {
        if self.page.paused {
            return;
        }
        let ms = self.dice.about(1_000, 300_000);
        tell!(self, "tab", "is in the back-forward cache for {ms} ms");
        self.count(Class::Cached);
        self.input(Input::Frozen);
        self.page.pause(self.now);
        if self.dice.chance(60) {
            self.each_wire(|world, dial| world.cut(dial, 0));
        }
        self.after(ms, Happening::Recover(Recovery::PageShow));
    }

    pub(crate) fn sleep(&mut self) {
        if self.page.paused {
            return;
        }
        let ms = self.dice.about(1_000, 900_000);
        tell!(self, "tab", "the machine sleeps for {ms} ms");
        self.count(Class::Asleep);
        self.page.pause(self.now);
        match self.dice.below(3) {
            0 => {}
            1 => self.each_wire(Self::half_open),
            _ => {
                let notice = self.dice.about(1, 60_000);
                self.each_wire(|world, dial| world.cut(dial, notice));
            }
        }
        self.after(ms, Happening::Recover(Recovery::WakeUp));
    }

    pub(crate) fn go_offline(&mut self) {
        if self.page.paused || self.page.offline {
            return;
        }
        let ms = self.dice.about(500, 300_000);
        tell!(self, "tab", "is offline for {ms} ms");
        self.count(Class::Offline);
        self.page.offline = true;
        // Some systems report it although everything still works.
        if self.dice.chance(70) {
            self.outage(ms);
        }
        self.input(Input::Offline);
        self.after(ms, Happening::Recover(Recovery::Online));
    }

    /// Or out of it, if the page is in it.
    pub(crate) fn user_looks_into_a_room(&mut self) {
        if self.page.paused || !self.page.signed_in {
            return;
        }
        let channel = format!("conversation:{}", self.dice.below(3));
        tell!(self, "user", "joins or leaves {channel}");
        self.count(Class::Room);
        if self.page.rooms.remove(&channel) {
            self.input(Input::Unsubscribe { channel });
        } else {
            self.page.rooms.insert(channel.clone());
            self.input(Input::Subscribe { channel });
        }
    }

    pub(crate) fn user_types(&mut self) {
        if !self.page.paused && self.page.signed_in {
            let typing = self.dice.chance(50);
            self.count(Class::Typing);
            self.input(Input::Typing { contact_id: "c".to_owned(), typing });
        }
    }

    pub(crate) fn user_signs_out(&mut self) {
        if !self.page.paused && self.page.signed_in {
            tell!(self, "user", "signs out");
            self.count(Class::SignOut);
            if self.http() == Http::Good {
                self.server.session = None;
            }
            self.forget_session();
        }
    }
}
