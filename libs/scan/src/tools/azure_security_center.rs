//! Microsoft Defender for Cloud recommendations, CSV: one finding for each resource that is not healthy.

use super::Tool;
use crate::out::Out;
use crate::probe::Probe;
use crate::{Error, Finding, Input, Location, Severity, text};

pub(crate) const TOOL: Tool = Tool {
    name: "azure_security_center",
    title: "Microsoft Defender for Cloud recommendations (CSV)",
    aliases: &["azure_security_center_recommendations", "azure_security_center_recommendations_scan", "defender_for_cloud"],
    recognise,
    read,
};

fn recognise(probe: &Probe) -> u8 {
    if probe.columns(&["subscriptionId", "recommendationDisplayName", "state"]) { 98 } else { 0 }
}

fn read(input: &mut Input<'_>, out: &mut Out<'_>) -> Result<(), Error> {
    out.scanner("Microsoft Defender for Cloud", None);
    let mut table = input.table()?;
    while let Some(row) = table.next()? {
        if !row.get("state").eq_ignore_ascii_case("unhealthy") {
            out.leave_out("recommendations that a resource follows");
            continue;
        }
        let subscription = row.get("subscriptionName");
        let own = row.get("resourceName");
        let resource = if own == row.get("subscriptionId") { subscription } else { own };
        out.push(Finding {
            rule: row.opt("recommendationName"),
            location: Some(Location { host: text::some(subscription), ..Location::resource(row.first(&["resourceId"]).unwrap_or_else(|| resource.to_owned())) }),
            description: row.opt("description").map(|html| text::without_html(&html)),
            remediation: row.opt("remediationSteps").map(|html| text::without_html(&html)),
            references: row.opt("azurePortalRecommendationLink").into_iter().collect(),
            ..Finding::new(format!("{resource} - {}", row.get("recommendationDisplayName")), Severity::word(row.get("severity")))
        })?;
    }
    Ok(())
}
