//! Writes the gallery, a public page and their files into a folder, to look at without a server of ours.

use std::path::PathBuf;

use maud::html;
use web::ui;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned()));
    std::fs::create_dir_all(folder.join("assets"))?;
    for asset in ui::assets() {
        std::fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    std::fs::write(folder.join("gallery.html"), ui::gallery().into_string())?;
    std::fs::write(folder.join("portal.html"), ui::gallery_portal().into_string())?;
    let form = ui::Form::new("/sign-in", "Sign in")
        .field(ui::Field::email("mail", "E-mail address").required())
        .field(ui::Field::password("password", "Password").autocomplete("current-password").required());
    let page = ui::sign_in("Sign in", "For staff, partners and customers of Halden Systems.", html! { (form) });
    std::fs::write(folder.join("sign-in.html"), page.into_string())?;
    let problem = ui::problem(
        "This page does not exist",
        "It may have moved, or you may not be allowed to know of it.",
        "01JD-7Q2M",
        html! { a class="btn" href="/desk" { "Go to the overview" } },
    );
    std::fs::write(
        folder.join("problem.html"),
        ui::desk(&ui::Shell::new("Not found").nav(ui::desk_nav(|_| true), ""), problem).into_string(),
    )
}
