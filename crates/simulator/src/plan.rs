//! What goes wrong in a run, and when. Every run leaves some classes out and has others often: a run
//! in which everything happens finds less than many in which few things happen again and again.

use crate::{action::Action, dice::Dice, happening::Happening, world::World};

/// With the most weight that each may have.
const ACTIONS: &[(Action, i64)] = &[
    (Action::Cut, 10),
    (Action::HalfOpen, 8),
    (Action::Stall, 8),
    (Action::RefuseSockets, 6),
    (Action::HangDials, 4),
    (Action::BreakHttp, 8),
    (Action::SlowDown, 5),
    (Action::Duplicate, 5),
    (Action::Outage, 5),
    (Action::Restart, 6),
    (Action::LoseLog, 3),
    (Action::BackUp, 2),
    (Action::Restore, 2),
    (Action::GoAway, 4),
    (Action::Close, 5),
    (Action::EndSession, 2),
    (Action::BreakTokens, 4),
    (Action::Gaps, 6),
    (Action::Nonsense, 8),
    (Action::Flap, 4),
    (Action::Hide, 8),
    (Action::Show, 8),
    (Action::Freeze, 6),
    (Action::Cache, 3),
    (Action::Sleep, 6),
    (Action::Offline, 5),
    (Action::SignOut, 2),
    (Action::SignIn, 4),
    (Action::Start, 2),
    (Action::Retry, 3),
    (Action::UserWrite, 30),
    (Action::Room, 4),
    (Action::Type, 4),
    (Action::Reload, 3),
    (Action::Crash, 2),
];

/// Puts the run's actions into its queue and says when the last is over.
pub fn plan(world: &mut World) -> i64 {
    let dice = &mut world.dice;
    let length = dice.about(60_000, 900_000);
    let mut weighted = vec![(Action::Write, dice.between(5, 30)), (Action::Burst, dice.between(0, 2))];
    for (action, most) in ACTIONS {
        if dice.chance(50) {
            weighted.push((*action, dice.between(1, *most)));
        }
    }
    let total: i64 = weighted.iter().map(|(_, weight)| weight).sum();
    let actions = dice.between(30, 150);
    for _ in 0..actions {
        let at = world.dice.between(0, length);
        let action = draw(&mut world.dice, &weighted, total);
        world.queue.push(at, Happening::Act(action));
    }
    if !world.page.watching.is_empty() {
        for _ in 0..world.family_dice.between(10, 80) {
            let at = world.family_dice.between(0, length);
            let others = world.family_dice.chance(75);
            let action = if others { Action::FamilyChange } else { Action::FamilyUse };
            world.queue.push(at, Happening::Act(action));
        }
    }
    length
}

fn draw(dice: &mut Dice, weighted: &[(Action, i64)], total: i64) -> Action {
    let mut left = dice.between(0, total - 1);
    for (action, weight) in weighted {
        left -= weight;
        if left < 0 {
            return *action;
        }
    }
    Action::Write
}
