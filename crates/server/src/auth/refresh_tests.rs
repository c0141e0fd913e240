use proptest::prelude::*;

use super::*;

const START: i64 = 1_795_248_900_000;

fn key() -> RefreshKey {
    RefreshKey::of(&[7; 32])
}

fn begin() -> (Chain, RefreshToken) {
    let expires_at = Timestamp::from_unix_ms(START).plus_ms(30 * 86_400_000);
    Chain::begin(&SessionId::new("s1"), &UserId::new("u1"), expires_at).unwrap()
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_unix_ms(START).plus_ms(ms)
}

fn advance(chain: &mut Chain, token: &RefreshToken, ms: i64) -> Option<RefreshToken> {
    match chain.advance(&key(), token, at(ms)) {
        Use::Next(token) => Some(token),
        Use::Reused => None,
    }
}

#[test]
fn a_token_that_is_read_from_the_cookie_is_the_same() {
    let (mut chain, first) = begin();
    let read = RefreshToken::presented(&key(), &first.text());
    assert_eq!(advance(&mut chain, &read, 0).unwrap().text(), advance(&mut chain, &first, 0).unwrap().text());
}

#[test]
fn what_is_kept_is_no_token() {
    let (mut chain, first) = begin();
    let second = advance(&mut chain, &first, 0).unwrap();
    let kept = serde_json::to_string(&chain).unwrap();
    for token in [&first, &second] {
        assert!(!kept.contains(token.link.expose()) && !kept.contains(token.chain.expose()));
    }
    assert_ne!(second.link.expose(), RefreshKey::of(&[8; 32]).successor(&first.link).expose());
}

#[test]
fn a_token_made_up_for_a_chain_ends_it() {
    let (mut chain, first) = begin();
    let made_up = RefreshToken { link: Secret::random().unwrap(), ..first };
    assert!(advance(&mut chain, &made_up, 0).is_none());
}

/// What happens to a browser whose tabs share one cookie.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// A tab sends what is in the cookie.
    Send,
    /// One of the requests arrives, ...
    Serve(usize),
    /// ... or does not.
    LoseRequest(usize),
    /// One of the answers arrives and is put into the cookie, ...
    Receive(usize),
    /// ... or does not.
    LoseAnswer(usize),
    /// Time passes, so long that nothing is on its way any more.
    Wait,
    /// Time passes.
    Hurry(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Send),
        4 => any::<usize>().prop_map(Step::Serve),
        1 => any::<usize>().prop_map(Step::LoseRequest),
        4 => any::<usize>().prop_map(Step::Receive),
        1 => any::<usize>().prop_map(Step::LoseAnswer),
        1 => Just(Step::Wait),
        1 => (0..5000_u16).prop_map(Step::Hurry),
    ]
}

/// Takes one out, if there is any.
fn take<T>(of: &mut Vec<T>, which: usize) -> Option<T> {
    (!of.is_empty()).then(|| of.remove(which % of.len()))
}

/// How many tokens lie between the first of a chain and this one.
fn generation(first: &RefreshToken, token: &RefreshToken) -> usize {
    let links = std::iter::successors(Some(first.link.clone()), |link| Some(key().successor(link)));
    links.take(1000).position(|link| link.expose() == token.link.expose()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    /// Whatever is lost, however long it takes and in whatever order it comes. An answer that a newer one has
    /// overtaken counts as lost.
    #[test]
    fn no_order_of_tabs_and_losses_signs_out(steps in prop::collection::vec(step(), 0..45)) {
        let (mut chain, first) = begin();
        let (mut cookie, mut now) = (first.clone(), 0);
        let (mut requests, mut answers) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Send if requests.len() < OVERTAKEN => requests.push(cookie.clone()),
                Step::Serve(which) => {
                    if let Some(token) = take(&mut requests, which) {
                        let next = advance(&mut chain, &token, now);
                        prop_assert!(next.is_some(), "signed out");
                        answers.extend(next);
                    }
                }
                Step::LoseRequest(which) => drop(take(&mut requests, which)),
                Step::Receive(which) => {
                    let answer = take(&mut answers, which);
                    let is_new =
                        |token: &RefreshToken| generation(&first, token) >= generation(&first, &cookie);
                    cookie = answer.filter(is_new).unwrap_or(cookie);
                }
                Step::LoseAnswer(which) => drop(take(&mut answers, which)),
                Step::Wait => {
                    requests.clear();
                    answers.clear();
                    now += 86_400_000;
                }
                Step::Hurry(ms) if now % 86_400_000 + i64::from(ms) < OVERTAKEN_MS => now += i64::from(ms),
                Step::Send | Step::Hurry(_) => {}
            }
        }
    }

    /// A thief has a token; the owner goes on for two more and a minute.
    #[test]
    fn an_old_copy_always_ends_the_session(stolen in 0..8_usize, more in 2..8_usize) {
        let (mut chain, mut token) = begin();
        for _ in 0..stolen {
            token = advance(&mut chain, &token, 0).unwrap();
        }
        let copy = token.clone();
        for _ in 0..more {
            token = advance(&mut chain, &token, 0).unwrap();
        }
        prop_assert!(advance(&mut chain, &copy, OVERTAKEN_MS).is_none());
    }
}
