//! A page as narrow as a telephone.
//!
//! Chromium can pretend to be one. The windows of Firefox and of WebKit's `MiniBrowser` cannot get that
//! narrow, because of their toolbars; but a popup has none, so there the page goes on in one.

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
            self.resize(width, HEIGHT).await;
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
        self.wait_for_width(width).await;
    }

    /// In Chromium only: the page is that of a telephone of this size, where scrollbars lie over the
    /// page and take no room.
    pub async fn resize(&self, width: u32, height: u32) {
        let telephone = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        let resized = self.session().cdp().send_raw("Emulation.setDeviceMetricsOverride", telephone).await;
        resized.expect("chromedriver speaks the developer tools' protocol");
        self.wait_for_width(width).await;
    }

    /// In Chromium only: from the next page on the screen is touched.
    pub async fn touch(&self) {
        let fingers = json!({ "enabled": true, "maxTouchPoints": 5 });
        let touched = self.session().cdp().send_raw("Emulation.setTouchEmulationEnabled", fingers).await;
        touched.expect("chromedriver speaks the developer tools' protocol");
    }

    async fn wait_for_width(&self, width: u32) {
        until(&format!("a page {width} px wide"), PATIENCE, async || {
            let now: u32 = self.try_js("return document.documentElement.clientWidth;", &[]).await?;
            if now == width { Ok(()) } else { Err(format!("{now} px")) }
        })
        .await;
    }
}
