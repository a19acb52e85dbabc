//! What an administrator runs so that Etage gets to a mailbox.
//!
//! It names mailboxes: it is shown to administrators, and goes into no log.

use booking::ids::MailboxAddress;
use booking::person::Person;
use booking::provider::{CalendarProvider, MailboxFault, MailboxRole};
use booking::room::Room;

use crate::roles::Act;
use crate::{Engine, Error};

/// Longest name of a scope in Exchange.
const SCOPE_NAME_CHARS_MAX: usize = 64;

impl Engine {
    /// The same error, with what to run where a mailbox is what it fails for and the person may run it.
    pub(crate) async fn told_to(&self, person: &Person, room: &Room, error: Error) -> Error {
        let Error::Provider {
            doing,
            source,
            what_to_run: None,
        } = error
        else {
            return error;
        };
        let lines = match (source.mailbox_fault(), &room.link) {
            (Some((whose, fault)), Some(link)) => {
                let mailbox = match whose {
                    MailboxRole::Room => Some(&link.mailbox),
                    MailboxRole::Person => Some(&person.address),
                    MailboxRole::Owner | MailboxRole::Booking => None,
                };
                let provider = self.providers.get(link.connection);
                provider.and_then(|provider| lines(provider.as_ref(), whose, fault, mailbox?))
            }
            _ => None,
        };
        let what_to_run = match lines {
            // Who cannot be told apart from others is told what everybody is.
            Some(lines) => {
                let may = self.authorize(person, Act::MendMailboxes).await;
                may.is_ok().then_some(lines)
            }
            None => None,
        };
        Error::Provider {
            doing,
            source,
            what_to_run,
        }
    }
}

/// The sentence for an administrator. `None`: nothing can be run for it.
pub(crate) fn lines(
    provider: &dyn CalendarProvider,
    whose: MailboxRole,
    fault: MailboxFault,
    mailbox: &MailboxAddress,
) -> Option<String> {
    let application = provider.application()?;
    let mailbox = quoted(mailbox.as_str());
    Some(match fault {
        MailboxFault::KeptOut => format!(
            "In Exchange Online PowerShell, run: {} Where that policy is to stay, run this instead, which adds the \
             mailbox to its group: {} Either takes up to two hours to work.",
            by_role(&application, whose, &mailbox),
            by_policy(&application, &mailbox)
        ),
        MailboxFault::NotGranted => format!(
            "In Exchange Online PowerShell, run: {} It takes up to two hours to work.",
            by_role(&application, whose, &mailbox)
        ),
        MailboxFault::Missing | MailboxFault::Elsewhere | MailboxFault::Unknown => format!(
            "In Exchange Online PowerShell, this says what the address is: Get-Recipient -Identity {mailbox} | \
             Format-List RecipientTypeDetails, PrimarySmtpAddress"
        ),
    })
}

/// RBAC for Applications, which gives a right whatever a policy takes away.
///
/// See <https://learn.microsoft.com/exchange/permissions-exo/application-rbac>.
fn by_role(application: &str, whose: MailboxRole, mailbox: &str) -> String {
    let role = match whose {
        MailboxRole::Room => "Application Calendars.Read",
        MailboxRole::Person | MailboxRole::Owner | MailboxRole::Booking => {
            "Application Calendars.ReadWrite"
        }
    };
    let name: String = format!("Etage {}", mailbox.trim_matches('\''))
        .chars()
        .take(SCOPE_NAME_CHARS_MAX)
        .collect();
    let scope = quoted(&name.replace("''", ""));
    format!(
        "New-ManagementScope -Name {scope} -RecipientRestrictionFilter \"PrimarySmtpAddress -eq {mailbox}\"; \
         New-ManagementRoleAssignment -App {application} -Role '{role}' -CustomResourceScope {scope}"
    )
}

/// The older application access policy: the mailbox joins the group that may be opened.
///
/// See <https://learn.microsoft.com/powershell/module/exchange/get-applicationaccesspolicy>.
fn by_policy(application: &str, mailbox: &str) -> String {
    format!(
        "Get-ApplicationAccessPolicy | Where-Object {{ $_.AppId -eq '{application}' -and $_.AccessRight -eq \
         'RestrictAccess' }} | ForEach-Object {{ Add-DistributionGroupMember -Identity $_.ScopeIdentity -Member \
         {mailbox} }}"
    )
}

/// As PowerShell takes a text word for word. What an address has no need of is left out: within the filter of a scope it
/// stands in a text that PowerShell reads.
fn quoted(text: &str) -> String {
    let kept = |c: &char| !matches!(c, '"' | '`' | '$');
    let kept: String = text.chars().filter(kept).collect();
    format!("'{}'", kept.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use booking::provider::testing::FakeProvider;

    use super::*;

    #[test]
    fn an_address_cannot_end_the_text_it_stands_in() {
        assert_eq!(quoted("o'brien@contoso.com"), "'o''brien@contoso.com'");
        assert_eq!(quoted("\"$(x)`@contoso.com"), "'(x)@contoso.com'");
    }

    #[test]
    fn a_calendar_system_without_applications_has_nothing_to_run() {
        let provider = FakeProvider::default();
        let mailbox = MailboxAddress::parse("room1@contoso.com").unwrap();
        let fault = MailboxFault::KeptOut;
        assert_eq!(lines(&provider, MailboxRole::Room, fault, &mailbox), None);
    }

    #[test]
    fn the_lines_name_application_mailbox_and_the_right_that_is_needed() {
        let line = by_role("5a7e0001", MailboxRole::Room, "'room1@contoso.com'");
        assert_eq!(
            line,
            "New-ManagementScope -Name 'Etage room1@contoso.com' -RecipientRestrictionFilter \"PrimarySmtpAddress -eq \
             'room1@contoso.com'\"; New-ManagementRoleAssignment -App 5a7e0001 -Role 'Application Calendars.Read' \
             -CustomResourceScope 'Etage room1@contoso.com'"
        );
        let line = by_policy("5a7e0001", "'room1@contoso.com'");
        assert!(line.contains("-Member 'room1@contoso.com'"), "{line}");
    }
}
