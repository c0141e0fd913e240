//! What a page keeps for a start without a network: the shell of its build, and the last answers.

use serde_json::json;

use crate::{
    page::Page,
    wait::{PATIENCE, until},
};

impl Page<'_> {
    /// The name of the build that this page is of.
    pub async fn build(&self) -> String {
        let script = "return document.documentElement?.dataset.build ?? '';";
        self.browser.try_js(script, &[]).await.unwrap_or_default()
    }

    /// Waits until the shell of this page's build is kept whole, and a worker would hand it out.
    pub async fn shell_is_kept(&self) {
        const SCRIPT: &str = "
            const name = `latido-shell-${document.documentElement.dataset.build}`;
            caches.match('/', { cacheName: name }).then((page) => (window.shellIsKept = Boolean(page)));
            return window.shellIsKept === true && Boolean(navigator.serviceWorker.controller);";
        until("the shell to be kept", PATIENCE, async || {
            let kept = self.browser.try_js::<bool>(SCRIPT, &[]).await?;
            if kept { Ok(()) } else { Err(format!("not yet; there is {:?}", self.shells().await)) }
        })
        .await;
    }

    /// The builds whose shells are kept.
    pub async fn shells(&self) -> Vec<String> {
        const SCRIPT: &str = "
            caches.keys().then((names) => (window.cacheNames = names));
            return (window.cacheNames ?? [])
                .filter((name) => name.startsWith('latido-shell-'))
                .map((name) => name.replace('latido-shell-', ''));";
        self.browser.try_js(SCRIPT, &[]).await.unwrap_or_default()
    }

    /// Waits until only this build's shell is kept.
    pub async fn only_shell_is(&self, build: &str) {
        until(&format!("only the shell of {build}"), PATIENCE, async || {
            let shells = self.shells().await;
            if shells == [build] { Ok(()) } else { Err(format!("{shells:?}")) }
        })
        .await;
    }

    /// Waits until an answer with this text in it is kept, or none is kept any more.
    pub async fn kept_answers_hold(&self, text: &str, hold: bool) {
        const SCRIPT: &str = "
            (async () => {
                const held = [];
                if (await caches.has('latido-kept')) {
                    const cache = await caches.open('latido-kept');
                    for (const key of await cache.keys()) held.push(await (await cache.match(key)).text());
                }
                window.keptAnswers = held.join();
            })();
            return window.keptAnswers?.includes(arguments[0]) ?? null;";
        until(&format!("kept answers with {text:?} in them: {hold}"), PATIENCE, async || {
            let is_held: Option<bool> = self.browser.try_js(SCRIPT, &[json!(text)]).await?;
            if is_held == Some(hold) { Ok(()) } else { Err(format!("{is_held:?}")) }
        })
        .await;
    }

    /// Makes the page look for a newer version now, as if minutes had passed.
    pub async fn look_for_a_newer_version(&self) {
        const SCRIPT: &str = "
            const { now } = Date;
            window.minutesPassed = (window.minutesPassed ?? 0) + 10;
            Date.now = () => now() + 60_000 * window.minutesPassed;
            dispatchEvent(new Event('focus'));
            Date.now = now;";
        self.browser.js::<()>(SCRIPT, &[]).await;
    }
}
