//! Seeds that once failed. They run before all others.
//!
//! A seed is the same schedule only for as long as nothing asks the dice more often or less; so what was wrong
//! has a test of its own, and these stand for the neighbourhood.

/// The seed, and what was wrong.
pub const OLD_FAILURES: &[(u64, &str)] = &[
    // On commit 7e82f02.
    (581_586, "the check knew nothing of a record that the answer to a write had moved elsewhere"),
    (458, "the check kept what a deletion had overtaken, once the backend had shown that it numbers"),
    (717, "the check took time in which the machine slept out of the pause between two pings"),
    (1_294, "the check took time in which the machine slept out of what an index has"),
    (2_109, "the check asked a page that was hidden until now for what it may put off"),
    (17_157, "the check took a fetch that takes long for one that never starts"),
    (
        537_320,
        "a record that a write's answer had taken away was held, and not asked for when it had settled",
    ),
    (40_321_528_226_026_876, "the simulated page kept a token that had been asked for in an earlier session"),
    (103_492, "the check took the welcome of a successor that lags for another log"),
    // On commit e1ec2e4.
    (
        970_330_098_163_022_379,
        "a pong that came before the welcome was forgotten, and its socket given up for dead eight seconds later",
    ),
];
