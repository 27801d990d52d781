//! The flaws of the story: what was reported, how grave it is, what helps. All invented.

/// A flaw that somebody reports.
pub(super) struct Flaw {
    pub(super) product: &'static str,
    pub(super) title: &'static str,
    pub(super) report: &'static str,
    pub(super) cwe: &'static str,
    pub(super) v31: &'static str,
    pub(super) v40: &'static str,
    pub(super) summary: &'static str,
    pub(super) details: &'static str,
    pub(super) workaround: &'static str,
    pub(super) finder: &'static str,
}

macro_rules! flaws {
    ($($product:literal, $title:literal, $cwe:literal, $v31:literal, $v40:literal, $finder:literal,
       $report:literal, $summary:literal, $details:literal, $workaround:literal;)*) => {
        &[$(Flaw {
            product: $product, title: $title, cwe: $cwe, v31: concat!("CVSS:3.1/", $v31), v40: $v40, finder: $finder,
            report: $report, summary: $summary, details: $details, workaround: $workaround,
        }),*]
    };
}

/// In the order in which they were reported.
pub(super) const FLAWS: &[Flaw] = flaws![
    "Gate 300", "Overflow in the dialler stops the gate", "787", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "Vera Lindqvist",
    "A call with a display name of more than 512 bytes restarts the gate. With a longer one I control the return address.",
    "Whoever can call the gate can stop it and may run code on it.", "The dialler copies the display name of a call into a buffer of fixed size without looking at its length.", "Accept calls from known servers only.";
    "Voice Manager", "Backup files can be read without signing in", "306", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", "Tomasz Wrona",
    "The address of the nightly backup can be guessed from the date and answers without a session.",
    "Whoever reaches the web interface can download the nightly backup with addresses and password hashes.", "The folder of backups is served by the web server beside the application and is not covered by its sign-in.", "Turn the nightly backup off, or block the path at a proxy.";
    "Meet Client", "Script in a chat message runs in the window of others", "79", "AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N", "", "",
    "A link preview with a crafted title runs script in the client of everybody in the room.",
    "Members of a meeting can run script in the client of other members.", "The title of a link preview is inserted without escaping.", "Turn link previews off in the administrator's settings.";
    "Desk Phone 40", "Fixed key protects the provisioning file", "798", "AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", "Ines Calvo",
    "All phones of the series decrypt the provisioning file with the same key; I read it out of the firmware.",
    "Whoever listens on the local network while a phone is provisioned learns its credentials.", "The provisioning file is encrypted with one key for all devices of the series.", "Provision phones on a separate network.";
    "Contact Desk", "Agents can read conversations of other teams", "639", "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", "", "Paul Hertz",
    "The number in the address of a conversation can be counted up; I see other teams' conversations.",
    "Signed-in agents can read conversations of teams they do not belong to.", "The server checks that an agent is signed in, but not that the conversation belongs to their team.", "None.";
    "Gate Console", "Shell commands in the host name field", "78", "AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "", "",
    "The ping tool passes the host name to a shell. An administrator of one site gets the whole console.",
    "Administrators of one site can run commands on the console of all sites.", "The diagnostics page passes a host name to a shell without quoting it.", "Grant the role of site administrator to trusted people only.";
    "Meet Server", "Invitation links stay valid after the meeting", "613", "AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", "", "Marit Solberg",
    "A link from last year still let me into the room of the same organiser.",
    "Whoever has an old invitation link can enter later meetings of the same organiser.", "The token of an invitation names the room, not the meeting, and does not expire.", "Organisers can renew their personal room.";
    "Gate 500", "Firmware is installed without checking its signature", "347", "AV:N/AC:H/PR:H/UI:N/S:C/C:H/I:H/A:H", "CVSS:4.0/AV:N/AC:H/AT:N/PR:H/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", "Vera Lindqvist",
    "Changing one byte of the header makes the updater skip the signature and still install the image.",
    "Administrators, or whoever can stand between the gate and its update server, can install their own firmware.", "The updater treats an unknown header version as an unsigned image of the development branch.", "Install updates from a local file whose checksum was compared.";
    "Conference Unit", "Bluetooth pairing without confirmation", "287", "AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:L/A:N", "", "Jonas Petri",
    "The unit accepts a pairing while a call is active, without asking anybody.",
    "Whoever is near the unit can pair a headset during a call and listen.", "The confirmation is left out while the screen shows a call.", "Turn Bluetooth off while it is not used.";
    "Voice Manager", "Search field leads into the database", "89", "AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "Chipo Ndlovu",
    "Sorting the list of users by a crafted column name returns rows of other tables.",
    "Signed-in users can read and change the database of the manager.", "The name of the sort column is put into the query as it comes.", "None.";
    "Meet Recorder", "Recordings are written with rights for everybody", "732", "AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:N/A:N", "", "",
    "Recordings on the host are readable by every local account.",
    "Local accounts of the host can read recordings.", "New recordings get the rights of the service's umask, which the installer sets too wide.", "Restrict the folder of recordings by hand.";
    "Desk Phone 20", "Memory is exhausted by fragmented packets", "400", "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N", "Tomasz Wrona",
    "A few hundred fragments that never complete stop the phone until it is restarted.",
    "Whoever reaches the phone can stop it until it is restarted.", "Incomplete fragments are kept without a limit.", "Keep phones in a voice network of their own.";
    "Gate 100", "Default account stays active after set-up", "1392", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "", "Ines Calvo",
    "The account of the installer works after a new administrator was made.",
    "Whoever reaches the gate can sign in with the account of the installer.", "The set-up hides the account of the installer but does not disable it.", "Change the password of the installer's account by the serial console.";
    "Meet Server", "Uploaded backgrounds are opened with an outdated library", "1395", "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:L/A:H", "", "",
    "The library that opens background pictures has a known overflow.",
    "Members can stop the server with a crafted picture.", "The picture library is three years old and has a known flaw in its reader of colour profiles.", "Turn uploads of backgrounds off.";
    "Contact Desk", "Address of the reply can be forged", "346", "AV:N/AC:L/PR:N/UI:R/S:U/C:N/I:L/A:N", "", "Marit Solberg",
    "The widget takes messages from any page that frames it.",
    "A malicious page can make a visitor send a message to the desk.", "The widget does not look at the origin of messages between windows.", "Do not allow framing of the widget.";
    "Gate Console", "Session token appears in the export of logs", "532", "AV:L/AC:L/PR:H/UI:N/S:U/C:H/I:N/A:N", "", "Paul Hertz",
    "The support archive contains session tokens of administrators that are still valid.",
    "Whoever gets a support archive can act as an administrator for up to a day.", "Requests are logged with their cookies.", "Remove the access log from the archive before sending it.";
    "Desk Phone 40", "Directory answers without encryption after an update", "319", "AV:A/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N", "", "",
    "After the update the phone asks the directory over plain LDAP again.",
    "Whoever listens on the network can read directory look-ups and the credentials for them.", "The update resets the transport of the directory to its default.", "Set the transport again after the update.";
    "Meet Client", "Update can be replaced by a local user", "426", "AV:L/AC:L/PR:L/UI:R/S:U/C:H/I:H/A:H", "CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "Jonas Petri",
    "The updater runs the installer from a folder that every user can write to.",
    "Local users can run their program with the rights of the updater.", "The installer is unpacked into a shared folder and started from there.", "Install updates by software distribution.";
    "Voice Manager", "Emergency call routing can be changed by users", "862", "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:H", "", "Chipo Ndlovu",
    "The request that saves the routing of emergency calls lacks the check that its page has.",
    "Signed-in users can change where emergency calls go.", "The permission is checked when the form is shown and not when it is saved.", "None.";
    "Gate 300", "Clock can be set back to accept an old certificate", "298", "AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:H/A:N", "", "Vera Lindqvist",
    "An unauthenticated time server can move the clock by years; then an expired certificate is accepted.",
    "Whoever answers as time server can make the gate accept an expired certificate.", "Any change of the clock is accepted at start.", "Use an authenticated time server.";
    "Meet Recorder", "Path in the title of a recording", "22", "AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:H/A:L", "", "Tomasz Wrona",
    "A title with ../ writes the file outside the folder of recordings.",
    "Organisers can write files outside the folder of recordings.", "The title becomes part of the path without being cleaned.", "None.";
    "Conference Unit", "Screen content is sent to the last receiver", "200", "AV:A/AC:L/PR:L/UI:R/S:U/C:H/I:N/A:N", "", "",
    "After a call the unit sends the screen to the previous receiver for some seconds.",
    "The receiver of an earlier call may see some seconds of the screen.", "The channel of screen content is closed only when the next call begins.", "Restart the unit between confidential calls.";
    "Gate 500", "Memory of other sessions in error pages", "125", "AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", "Ines Calvo",
    "Error pages to crafted requests contain parts of other requests.",
    "Whoever reaches the web interface may read parts of other sessions.", "The error page prints a fixed number of bytes of the request, whatever its length.", "Block the web interface from networks that are not trusted.";
    "Contact Desk", "Password reset reveals who has an account", "204", "AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", "", "Marit Solberg",
    "The answer to a password reset differs for known addresses.",
    "Whoever reaches the sign-in page can find out who has an account.", "Known and unknown addresses are answered with different words.", "None.";
];
