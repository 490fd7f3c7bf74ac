//! The configuration of this system, as `mandate doctor` sees it.

use super::Tour;
use crate::doctor;
use crate::trouble::Trouble;

pub(super) async fn walk(tour: &mut Tour) -> Result<(), Trouble> {
    let environment = tour.started.running.configuration()?;
    let report = Box::pin(doctor::look(environment, function::clock::system(), |_| {})).await?;
    let well = report.ended().is_ok();
    tour.report.step(well, "mandate doctor finds nothing wrong", &report.summary());
    if !well {
        report.lines().iter().for_each(crate::say::line);
    }
    Ok(())
}
