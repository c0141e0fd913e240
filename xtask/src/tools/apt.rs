//! Packages of Debian and its kin, where this user may install them without a password.

use std::process::Command;

use crate::{
    environment::{find_program, is_root, output_of},
    error::Error,
    step::Step,
};

enum Privilege {
    Root,
    /// `sudo` needs no password.
    Sudo,
}

/// Installs packages. Without the right to, fails with their names.
pub fn install(step: &mut Step, packages: &[&str], usually: &str) -> Result<(), Error> {
    let privilege = privilege(packages)?;
    step.announce(&format!("apt-get install {}", packages.join(" ")), usually);
    // A fresh machine has no lists, and old ones name packages that are gone.
    step.run(&mut apt_get(&privilege, &["update"]), ADVICE)?;
    let mut install = apt_get(&privilege, &["install", "-y", "--no-install-recommends"]);
    step.run(install.args(packages), ADVICE)
}

const ADVICE: &str = "Repair apt (the log says what it wants), then run the command again.";

fn privilege(packages: &[&str]) -> Result<Privilege, Error> {
    let packages = packages.join(" ");
    if find_program("apt-get").is_none() {
        return Err(Error::Missing {
            what: format!("what Debian calls {packages}"),
            advice: "This machine has no apt: install these with its own package manager.".into(),
        });
    }
    if is_root() {
        Ok(Privilege::Root)
    } else if output_of("sudo", &["-n", "true"]).is_some() {
        Ok(Privilege::Sudo)
    } else {
        Err(Error::Missing {
            what: format!("the packages {packages}"),
            advice: format!(
                "Only an administrator can install them. Run this, then the command again:\n\n  \
                 sudo apt-get install -y --no-install-recommends {packages}"
            ),
        })
    }
}

fn apt_get(privilege: &Privilege, args: &[&str]) -> Command {
    let mut command = match privilege {
        Privilege::Root => Command::new("env"),
        Privilege::Sudo => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]);
            sudo
        }
    };
    // `env` in both cases, as sudo drops variables.
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]);
    command.args(args);
    command
}
