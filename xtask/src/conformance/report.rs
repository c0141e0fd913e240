//! The verdicts as a page of the documentation.

use std::{
    collections::BTreeMap,
    fmt::{self, Display, Formatter},
};

use crate::tools::kosoku;

/// The suite's verdict on one case.
#[derive(Debug, PartialEq)]
pub struct Verdict {
    id: String,
    /// As `OK`, `NON-STRICT`, `INFORMATIONAL`, `FAILED`.
    behaviour: String,
    /// The same, of how the connection was closed.
    close: String,
    /// The close code that the server sent.
    code: Option<u16>,
    remark: String,
}

/// What the numbers before the first dot stand for.
const SECTIONS: [(u32, &str); 9] = [
    (1, "Framing"),
    (2, "Pings and pongs"),
    (3, "Reserved bits"),
    (4, "Opcodes"),
    (5, "Fragmentation"),
    (6, "UTF-8"),
    (7, "Closing"),
    (9, "Limits and performance"),
    (10, "Automatic fragmentation"),
];

const TOO_BIG: u16 = 1009;

impl Verdict {
    /// Reads a line of `cases.py`.
    pub fn parse(line: &str) -> Option<Self> {
        let [id, behaviour, close, code, remark] = line.split('\t').collect::<Vec<_>>().try_into().ok()?;
        let own = str::to_owned;
        Some(Self {
            id: own(id),
            behaviour: own(behaviour),
            close: own(close),
            code: code.parse().ok(),
            remark: own(remark),
        })
    }

    fn passes(&self) -> bool {
        let fine = |verdict: &str| matches!(verdict, "OK" | "NON-STRICT" | "INFORMATIONAL");
        fine(&self.behaviour) && fine(&self.close)
    }

    /// Whether it fails only by the limit on messages, which is there on purpose.
    fn is_limited(&self) -> bool {
        !self.passes() && self.code == Some(TOO_BIG)
    }

    fn section(&self) -> u32 {
        self.id.split('.').next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

pub struct Report {
    /// With the limit on messages raised.
    pub raised: Vec<Verdict>,
    /// With the server's own limit.
    pub own: Vec<Verdict>,
}

impl Report {
    pub fn passes(&self) -> bool {
        self.raised.iter().all(Verdict::passes)
            && self.own.iter().all(|verdict| verdict.passes() || verdict.is_limited())
    }

    pub fn summary(&self) -> String {
        let passed = self.raised.iter().filter(|verdict| verdict.passes()).count();
        let limited = self.own.iter().filter(|verdict| verdict.is_limited()).count();
        format!(
            "{passed} of {} cases pass. With the server's own limit of 32 KiB a message, {limited} of them end with \
             {TOO_BIG}, as they should.",
            self.raised.len()
        )
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "# WebSocket conformance\n\n\
             The cases of the Autobahn test suite, played by [kosoku](https://pypi.org/project/kosoku/) {} against \
             `crates/server/examples/echo.rs`: an echo whose sockets are configured by the same function as those of \
             `/ws`. Written by `cargo xtask conformance`.\n\n{}\n\n\
             Left out are sections 12 and 13, compression, which the server does not offer: frames are small, and \
             every compressed socket would cost tens of kilobytes.\n\n\
             ## With messages of up to 32 MiB allowed\n",
            kosoku::VERSION,
            self.summary()
        )?;
        writeln!(f, "| section | | cases | OK | non-strict | informational | failed |")?;
        writeln!(f, "|---|---|---|---|---|---|---|")?;
        for (section, verdicts) in by_section(&self.raised) {
            let count = |what: &str| {
                verdicts.iter().filter(|verdict| verdict.behaviour == what && verdict.passes()).count()
            };
            let failed = verdicts.iter().filter(|verdict| !verdict.passes()).count();
            let name = SECTIONS.iter().find(|(number, _)| *number == section).map_or("", |(_, name)| name);
            let [ok, loose, informational] = ["OK", "NON-STRICT", "INFORMATIONAL"].map(count);
            writeln!(
                f,
                "| {section} | {name} | {} | {ok} | {loose} | {informational} | {failed} |",
                verdicts.len()
            )?;
        }
        writeln!(
            f,
            "\nEvery case that is not simply OK:\n\n| case | verdict | close | code | the suite says |\n|---|---|---|---|---|"
        )?;
        for Verdict { id, behaviour, close, code, remark } in
            self.raised.iter().filter(|verdict| verdict.behaviour != "OK" || verdict.close != "OK")
        {
            let code = code.map_or_else(String::new, |code| code.to_string());
            writeln!(f, "| {id} | {behaviour} | {close} | {code} | {remark} |")?;
        }
        writeln!(
            f,
            "\nNon-strict are 6.4.3 and 6.4.4: text that is not UTF-8 is refused when its frame is complete, not in \
             the middle of it. Informational are 7.1.6 (a close behind a message of 256 kB, which is still repeated) \
             and 7.13.1 and 7.13.2 (close codes that the standard leaves open).\n\n\
             ## With the server's own limit\n\n\
             A message of more than 32 KiB is closed with {TOO_BIG} by design (section 2.5 of the wire contract), so \
             the cases that send a longer one cannot end as the suite expects. They are:\n"
        )?;
        for (section, verdicts) in by_section(&self.own) {
            let limited: Vec<_> = verdicts
                .iter()
                .filter(|verdict| verdict.is_limited())
                .map(|verdict| verdict.id.as_str())
                .collect();
            if !limited.is_empty() {
                writeln!(f, "- section {section} ({}): {}", limited.len(), limited.join(", "))?;
            }
        }
        let others: Vec<_> = self
            .own
            .iter()
            .filter(|verdict| !verdict.passes() && !verdict.is_limited())
            .map(|verdict| verdict.id.as_str())
            .collect();
        match &*others {
            [] => writeln!(f, "\nAll others pass."),
            failed => writeln!(f, "\nOf the others, these fail: {}.", failed.join(", ")),
        }
    }
}

fn by_section(verdicts: &[Verdict]) -> BTreeMap<u32, Vec<&Verdict>> {
    let mut sections: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for verdict in verdicts {
        sections.entry(verdict.section()).or_default().push(verdict);
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(line: &str) -> Verdict {
        Verdict::parse(line).expect("a verdict")
    }

    #[test]
    fn only_the_own_limit_excuses_a_failure() {
        let fine = || vec![verdict("1.1.1\tOK\tOK\t1000\tfine")];
        let limited = || vec![verdict("9.1.1\tFAILED\tFAILED\t1009\ttoo long")];
        let broken = || vec![verdict("5.1\tFAILED\tOK\t1000\twrong")];
        assert!(Report { raised: fine(), own: limited() }.passes());
        assert!(!Report { raised: limited(), own: fine() }.passes());
        assert!(!Report { raised: fine(), own: broken() }.passes());
    }

    #[test]
    fn what_is_no_verdict_is_passed_over() {
        assert_eq!(Verdict::parse("Traceback (most recent call last):"), None);
        assert_eq!(verdict("2.1\tOK\tOK\tNone\tfine").code, None);
    }
}
