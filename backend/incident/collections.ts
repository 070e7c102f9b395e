import { defineCollection } from '../store/define-collection.ts'
import { incidentDocument, scamReportDocument } from './incident.ts'

export const incidentCollections = {
  incidents: defineCollection('incidents', incidentDocument, [
    { name: 'created', scope: 'org', values: (incident) => [incident.environment, incident.created_at] },
    { name: 'case', scope: 'org', values: (incident) => [incident.case_reference] },
  ]),
  scamReports: defineCollection('scam_reports', scamReportDocument, [
    { name: 'created', scope: 'org', values: (report) => [report.environment, report.created_at] },
  ]),
} as const
