//! The spine of the life cycle: packs, release plans, tasks, evidence, waivers and gates.
