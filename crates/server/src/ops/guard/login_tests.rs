use std::net::{IpAddr, Ipv4Addr};

use super::*;

fn ten() -> LoginThrottle {
    LoginThrottle::new(NonZeroU32::new(10).unwrap())
}

fn network(last: u8) -> Network {
    IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)).into()
}

fn failures(logins: &LoginThrottle, last: u8, email: &str, now: Instant, of: usize) -> usize {
    (0..of).filter(|_| logins.attempt(network(last), email, now).is_ok()).count()
}

#[test]
fn an_address_is_slowed_down_whatever_account_it_tries() {
    let (logins, now) = (ten(), Instant::now());
    let tried = (0..50).filter(|n| logins.attempt(network(1), &format!("{n}@x.org"), now).is_ok());
    assert_eq!(tried.count(), 10);
    assert_eq!(failures(&logins, 2, "lucia@x.org", now, 1), 1, "others are not");
}

#[test]
fn an_account_is_guarded_against_many_addresses() {
    let (logins, now) = (ten(), Instant::now());
    let tried: usize = (0..50).map(|last| failures(&logins, last, "lucia@x.org", now, 1)).sum();
    assert_eq!(tried, 10);
}

#[test]
fn an_owner_gets_in_from_a_known_address_while_others_guess() {
    let (logins, now) = (ten(), Instant::now());
    logins.attempt(network(1), "lucia@x.org", now).unwrap().succeeded(now);
    for last in 2..50 {
        failures(&logins, last, "lucia@x.org", now, 10);
    }
    assert!(logins.attempt(network(60), "lucia@x.org", now).is_err(), "the control: it is under attack");
    assert!(logins.attempt(network(1), "lucia@x.org", now).is_ok());
    let much_later = now + KNOWN_FOR;
    for last in 2..50 {
        failures(&logins, last, "lucia@x.org", much_later, 10);
    }
    assert!(logins.attempt(network(1), "lucia@x.org", much_later).is_err(), "it is not known for ever");
}

#[test]
fn an_office_that_comes_in_together_is_not_held_up() {
    let (logins, now) = (ten(), Instant::now());
    for n in 0..200 {
        logins.attempt(network(1), &format!("{n}@x.org"), now).unwrap().succeeded(now);
    }
}

fn guess(logins: &LoginThrottle, address: String, n: usize, now: Instant) -> bool {
    let network: Network = address.parse::<IpAddr>().unwrap().into();
    logins.attempt(network, &format!("{n}@x.org"), now).is_ok()
}

#[test]
fn many_networks_of_one_site_count_together() {
    let (logins, now) = (ten(), Instant::now());
    let of_56 = (0..200).filter(|n| guess(&logins, format!("2001:db8:1:1{n:02x}::1"), *n, now)).count();
    assert_eq!(of_56, 20, "a /56");
    let of_48 = (0..200).filter(|n| guess(&logins, format!("2001:db8:2:{n:02x}00::1"), *n, now)).count();
    assert_eq!(of_48, 50, "a /48");
    assert!(guess(&logins, "2001:db8:3::1".to_owned(), 1, now), "others are not held up");
}

#[test]
fn a_site_that_guesses_locks_nobody_out_who_is_known_there() {
    let (logins, now) = (ten(), Instant::now());
    let home: Network = "2001:db8:1:101::1".parse::<IpAddr>().unwrap().into();
    logins.attempt(home, "lucia@x.org", now).unwrap().succeeded(now);
    for n in 0..200 {
        guess(&logins, format!("2001:db8:1:1{n:02x}::1"), n, now);
    }
    let neighbour: Network = "2001:db8:1:1ff::1".parse::<IpAddr>().unwrap().into();
    assert!(logins.attempt(neighbour, "lucia@x.org", now).is_err(), "the control");
    assert!(logins.attempt(home, "lucia@x.org", now).is_ok());
}

#[test]
fn right_passwords_count_in_a_looser_allowance() {
    let (logins, now) = (ten(), Instant::now());
    let succeed = |last: u8, email: &str| {
        logins.attempt(network(last), email, now).map(|attempt| attempt.succeeded(now)).is_ok()
    };
    assert_eq!((0..100).filter(|_| succeed(1, "lucia@x.org")).count(), 60, "of an account");
    assert_eq!((0..500).filter(|n| succeed(2, &format!("{n}@x.org"))).count(), 300, "of a network");
}

#[test]
fn what_was_refused_before_it_was_tried_does_not_count() {
    let (logins, now) = (ten(), Instant::now());
    for _ in 0..100 {
        logins.attempt(network(1), "lucia@x.org", now).unwrap().withdraw();
    }
    assert_eq!(failures(&logins, 1, "lucia@x.org", now, 50), 10);
}

#[test]
fn a_session_that_goes_on_makes_its_network_known() {
    let (logins, now) = (ten(), Instant::now());
    logins.remember(network(1), "lucia@x.org", now);
    assert!(logins.attempt(network(1), "lucia@x.org", now).unwrap().is_known());
    assert!(!logins.attempt(network(2), "lucia@x.org", now).unwrap().is_known());
}
