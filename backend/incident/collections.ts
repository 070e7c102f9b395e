import { defineCollection, withPersonal } from '../store/define-collection.ts'
import { incidentUpgrades, scamReportUpgrades } from '../upgrades/incident-upgrades.ts'
import { incidentDocument, scamReportDocument } from './incident.ts'
import { incidentPersonal, scamReportPersonal } from './personal.ts'

export const incidentCollections = {
  incidents: withPersonal(
    defineCollection(
      'incidents',
      incidentDocument,
      [
        { name: 'created', scope: 'org', values: (incident) => [incident.environment, incident.created_at] },
        { name: 'case', scope: 'org', values: (incident) => [incident.case_reference] },
      ],
      incidentUpgrades,
    ),
    incidentPersonal,
  ),
  scamReports: withPersonal(
    defineCollection(
      'scam_reports',
      scamReportDocument,
      [{ name: 'created', scope: 'org', values: (report) => [report.environment, report.created_at] }],
      scamReportUpgrades,
    ),
    scamReportPersonal,
  ),
} as const
