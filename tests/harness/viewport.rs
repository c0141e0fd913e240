//! A page as narrow as a telephone.
//!
//! Chromium's window can be as narrow as one likes. Those of Firefox and of WebKit's `MiniBrowser` can not,
//! because of their toolbars, but a popup has none: there the page goes on in one.

use serde_json::json;

use crate::{
    browser::Browser,
    engine::Engine,
    wait::{PATIENCE, until},
};

impl Browser {
    /// Goes on at this width, in CSS pixels, with the page at `url`.
    pub async fn narrow(&self, url: &str, width: u32) {
        const HEIGHT: u32 = 740;
        if self.engine == Engine::Chromium {
            self.session().set_window_rect(0, 0, width, HEIGHT).await.expect("the window's size can be set");
            self.goto(url).await;
        } else {
            let before = self.session().windows().await.expect("the windows");
            let script =
                "window.open(arguments[0], '_blank', `popup,width=${arguments[1]},height=${arguments[2]}`);";
            self.js::<()>(script, &[json!(url), json!(width), json!(HEIGHT)]).await;
            let popup = until("the popup", PATIENCE, async || {
                let windows = self.session().windows().await.map_err(|error| format!("{error:?}"))?;
                let new = windows.iter().find(|window| !before.contains(window)).cloned();
                new.ok_or_else(|| format!("{windows:?}"))
            })
            .await;
            self.switch_to(&popup).await;
        }
        until(&format!("a page {width} px wide"), PATIENCE, async || {
            let now: u32 = self.try_js("return window.innerWidth;", &[]).await?;
            if now == width { Ok(()) } else { Err(format!("{now} px")) }
        })
        .await;
    }
}
