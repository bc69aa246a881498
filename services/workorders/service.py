"""The RPC surface of ``workorders``."""

from __future__ import annotations

from typing import Any

from services.workorders.board import answers as on_board
from services.workorders.board import schemas as of_board
from services.workorders.board.application import Board
from services.workorders.canned_answers import answers as ca
from services.workorders.canned_answers import schemas as cs
from services.workorders.canned_answers.application import CannedAnswers
from services.workorders.comments import answers as coa
from services.workorders.comments import schemas as cos
from services.workorders.comments.application import Comments
from services.workorders.dispatching import answers as da
from services.workorders.dispatching import schemas as ds
from services.workorders.dispatching.application import Dispatching
from services.workorders.dispatching.rosters import Rosters
from services.workorders.dispatching.rounds import Rounds
from services.workorders.dispatching.rulebook import Rulebook
from services.workorders.follow_ups import answers as fua
from services.workorders.follow_ups import schemas as fus
from services.workorders.follow_ups.application import FollowUps
from services.workorders.followers import answers as fa
from services.workorders.followers import schemas as fs
from services.workorders.followers.application import Following
from services.workorders.incidents import answers as ia
from services.workorders.incidents import schemas as ins
from services.workorders.incidents.application import Incidents
from services.workorders.inquiries import answers as qa
from services.workorders.inquiries import schemas as qs
from services.workorders.inquiries.application import Inquiries
from services.workorders.orders import answers as a
from services.workorders.orders import quote_schemas as priced
from services.workorders.orders import schemas as s
from services.workorders.orders import visit_schemas as visiting
from services.workorders.orders.application import Orders
from services.workorders.orders.domain import commands as c
from services.workorders.orders.domain.deferral import Defer
from services.workorders.orders.domain.quotes import commands as qc
from services.workorders.orders.domain.visits import commands as vc
from services.workorders.orders.linking import Linking
from services.workorders.orders.reading import OrderQueries
from services.workorders.photo_rules import answers as pra
from services.workorders.photo_rules import schemas as prs
from services.workorders.photo_rules.application import PhotoRules
from services.workorders.photos import answers as pictured
from services.workorders.photos import schemas as pictures
from services.workorders.photos.application import Photos
from services.workorders.publication import answers as pa
from services.workorders.publication import schemas as ps
from services.workorders.publication.application import Publications
from services.workorders.sla import schemas as promised
from services.workorders.sla import told
from services.workorders.sla.application import ServiceLevels
from services.workorders.sla.outlook import Outlook
from services.workorders.staff import answers as sa
from services.workorders.staff import schemas as ss
from services.workorders.staff.application import Staff
from services.workorders.triage import answers as ta
from services.workorders.triage import schemas as ts
from services.workorders.triage.application import Triage
from shared.hosting.batch import Batch, Outcomes, carry_out
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request
from shared.schemas import Written

Data = dict[str, Any]


class WorkordersService:
    name = "workorders"
    gate = Gate()

    @property
    def orders(self) -> Orders:
        found: Orders = self.gate.parts.applications["orders"]
        return found

    @property
    def linking(self) -> Linking:
        found: Linking = self.gate.parts.applications["linking"]
        return found

    @property
    def queries(self) -> OrderQueries:
        found: OrderQueries = self.gate.parts.applications["queries"]
        return found

    @property
    def open_orders(self) -> Board:
        found: Board = self.gate.parts.applications["board"]
        return found

    @property
    def levels(self) -> ServiceLevels:
        found: ServiceLevels = self.gate.parts.applications["levels"]
        return found

    @property
    def outlook(self) -> Outlook:
        found: Outlook = self.gate.parts.applications["outlook"]
        return found

    @property
    def rulebook(self) -> Rulebook:
        found: Rulebook = self.gate.parts.applications["rulebook"]
        return found

    @property
    def dispatching(self) -> Dispatching:
        found: Dispatching = self.gate.parts.applications["dispatching"]
        return found

    @property
    def rounds(self) -> Rounds:
        found: Rounds = self.gate.parts.applications["rounds"]
        return found

    @property
    def triage(self) -> Triage:
        found: Triage = self.gate.parts.applications["triage"]
        return found

    @property
    def following(self) -> Following:
        found: Following = self.gate.parts.applications["following"]
        return found

    @property
    def words_kept(self) -> CannedAnswers:
        found: CannedAnswers = self.gate.parts.applications["canned_answers"]
        return found

    @property
    def said(self) -> Comments:
        found: Comments = self.gate.parts.applications["comments"]
        return found

    @property
    def photos(self) -> PhotoRules:
        found: PhotoRules = self.gate.parts.applications["photo_rules"]
        return found

    @property
    def follow_ups_made(self) -> FollowUps:
        found: FollowUps = self.gate.parts.applications["follow_ups"]
        return found

    @property
    def outages(self) -> Incidents:
        found: Incidents = self.gate.parts.applications["incidents"]
        return found

    @property
    def asked(self) -> Inquiries:
        found: Inquiries = self.gate.parts.applications["inquiries"]
        return found

    @property
    def photo_files(self) -> Photos:
        found: Photos = self.gate.parts.applications["photos"]
        return found

    @property
    def publications(self) -> Publications:
        found: Publications = self.gate.parts.applications["publications"]
        return found

    @property
    def staff(self) -> Staff:
        found: Staff = self.gate.parts.applications["staff"]
        return found

    @property
    def rosters(self) -> Rosters:
        found: Rosters = self.gate.parts.applications["rosters"]
        return found

    @method(s.Submit, a.OrderDone, batchable=True)
    def submit(self, request: Request, data: Data) -> Data:
        return self.orders.submit(request, data)

    @method(s.Dispatch, a.OrderDone, batchable=True)
    def dispatch(self, request: Request, data: Data) -> Data:
        return self.orders.dispatch(request, data)

    @method(s.Prioritise, a.OrderDone, batchable=True)
    def prioritise(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Prioritise)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def start(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Start)

    @method(s.Pause, a.OrderDone, batchable=True)
    def pause(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Pause)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def resume(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Resume)

    @method(s.WithReason, a.OrderDone, batchable=True)
    def hand_back(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.HandBack)

    @method(s.Transfer, a.OrderDone, batchable=True)
    def transfer(self, request: Request, data: Data) -> Data:
        return self.orders.transfer(request, data)

    @method(s.Repair, a.OrderDone, batchable=True)
    def repair(self, request: Request, data: Data) -> Data:
        return self.orders.repair(request, data)

    @method(s.Accept, a.OrderDone, batchable=True)
    def accept(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Accept)

    @method(s.WithReason, a.OrderDone, batchable=True)
    def reject(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Reject)

    @method(s.Decline, a.OrderDone, batchable=True)
    def decline(self, request: Request, data: Data) -> Data:
        return self.orders.decline(request, data)

    @method(s.AddSubOrder, a.SubOrderAdded, batchable=True)
    def add_sub_order(self, request: Request, data: Data) -> Data:
        return self.linking.add_sub_order(request, data)

    @method(s.ReportAgain, a.OrderDone, batchable=True)
    def report_again(self, request: Request, data: Data) -> Data:
        return self.linking.report_again(request, data)

    @method(s.Merge, a.OrderDone, batchable=True)
    def merge(self, request: Request, data: Data) -> Data:
        return self.linking.merge(request, data)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def unmerge(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Unmerge)

    @method(s.Appeal, a.OrderDone, batchable=True)
    def appeal(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Appeal)

    @method(s.Rate, a.OrderDone, batchable=True)
    def rate(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Rate)

    @method(s.AnswerRating, a.OrderDone, batchable=True)
    def answer_rating(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.AnswerRating)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def cancel(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Cancel)

    @method(s.WithReason, a.OrderDone, batchable=True)
    def reopen(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Reopen)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def remind(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.Remind)

    @method(s.OnOrder, a.OrderDone, batchable=True)
    def request_check(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, c.RequestCheck)

    @method(priced.PutQuote, a.OrderDone, batchable=True)
    def quote(self, request: Request, data: Data) -> Data:
        return self.orders.quote(request, data)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def accept_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.AcceptQuote)

    @method(priced.DeclineQuote, a.OrderDone, batchable=True)
    def decline_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.DeclineQuote)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def withdraw_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.WithdrawQuote)

    @method(priced.AboutQuote, a.OrderDone, batchable=True)
    def lapse_quote(self, request: Request, data: Data) -> Data:
        return self.orders.do(request, data, qc.LapseQuote)

    @method(visiting.OfferVisits, a.OrderDone, batchable=True)
    def offer_visits(self, request: Request, data: Data) -> Data:
        return self.orders.offer_visits(request, data)

    @method(visiting.ChooseVisit, a.OrderDone, batchable=True)
    def choose_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.ChooseVisit)

    @method(visiting.MoveVisit, a.OrderDone, batchable=True)
    def move_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.MoveVisit)

    @method(visiting.MissVisit, a.OrderDone, batchable=True)
    def miss_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.MissVisit)

    @method(visiting.RemindVisit, a.OrderDone, batchable=True)
    def remind_visit(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, vc.RemindVisit)

    @method(s.Defer, a.OrderDone, batchable=True)
    def defer(self, request: Request, data: Data) -> Data:
        return self.orders.in_zone(request, data, Defer)

    @method(s.ImportOrder, a.Imported, batchable=True)
    def import_order(self, request: Request, data: Data) -> Data:
        return self.orders.import_order(request, data)

    @method(s.Get, a.Order)
    def get(self, request: Request, data: Data) -> Data:
        return self.queries.get(request, data)

    @method(s.Get, a.History)
    def history(self, request: Request, data: Data) -> Data:
        return self.queries.history(request, data)

    @method(s.Links, a.Links)
    def links(self, request: Request, data: Data) -> Data:
        return self.linking.links(request, data)

    @method(s.List, a.Orders)
    def list(self, request: Request, data: Data) -> Data:
        return self.queries.list(request, data)

    # -- service levels ----------------------------------------------------------------------------

    @method(promised.Sla, told.Sla)
    def sla(self, request: Request, data: Data) -> Data:
        return self.levels.sla(request, data)

    @method(promised.PreviewLevels, told.Preview)
    def preview_levels(self, request: Request, data: Data) -> Data:
        return self.outlook.preview_levels(request, data)

    @method(promised.AtRisk, told.AtRisk)
    def at_risk(self, request: Request, data: Data) -> Data:
        return self.outlook.at_risk(request, data)

    @method(promised.Escalate, told.Escalated)
    def escalate(self, request: Request, data: Data) -> Data:
        return self.levels.escalate(request, data)

    @method(promised.ServiceLevels, told.ServiceLevels)
    def service_levels(self, request: Request, data: Data) -> Data:
        return self.levels.service_levels(request, data)

    @method(promised.SetCalendar, told.LevelsSet)
    def set_calendar(self, request: Request, data: Data) -> Data:
        return self.levels.set_calendar(request, data)

    @method(promised.SetTargets, told.LevelsSet)
    def set_targets(self, request: Request, data: Data) -> Data:
        return self.levels.set_targets(request, data)

    @method(promised.SetLadders, told.LevelsSet)
    def set_ladders(self, request: Request, data: Data) -> Data:
        return self.levels.set_ladders(request, data)

    # -- follow-ups --------------------------------------------------------------------------------

    @method(fus.SetFollowUpRules, fua.RulesSet)
    def set_follow_up_rules(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.set_rules(request, data)

    @method(fus.OfCommunity, fua.Rules)
    def follow_up_rules(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.rules(request, data)

    @method(fus.RecordFollowUp, fua.Recorded, batchable=True)
    def record_follow_up(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.record(request, data)

    @method(fus.FollowUps, fua.FollowUps)
    def follow_ups(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.listed(request, data)

    @method(fus.OfOrder, fua.OfOrder)
    def order_follow_ups(self, request: Request, data: Data) -> Data:
        return self.follow_ups_made.of_order(request, data)

    # -- canned answers ----------------------------------------------------------------------------

    @method(cs.KeepCannedAnswer, ca.CannedAnswerDone)
    def keep_canned_answer(self, request: Request, data: Data) -> Data:
        return self.words_kept.keep(request, data)

    @method(cs.WithdrawCannedAnswer, ca.CannedAnswerDone)
    def withdraw_canned_answer(self, request: Request, data: Data) -> Data:
        return self.words_kept.withdraw(request, data)

    @method(cs.CannedAnswers, ca.CannedAnswers)
    def canned_answers(self, request: Request, data: Data) -> Data:
        return self.words_kept.listed(request, data)

    # -- comments ----------------------------------------------------------------------------------

    @method(cos.Comment, coa.Commented, batchable=True)
    def comment(self, request: Request, data: Data) -> Data:
        return self.said.comment(request, data)

    @method(cos.OfOrder, coa.Comments)
    def comments(self, request: Request, data: Data) -> Data:
        return self.said.comments(request, data)

    # -- photo rules -------------------------------------------------------------------------------

    @method(prs.SetPhotoRule, pra.PhotoRuleDone)
    def set_photo_rule(self, request: Request, data: Data) -> Data:
        return self.photos.set_rule(request, data)

    @method(prs.OfCommunity, pra.PhotoRules)
    def photo_rules(self, request: Request, data: Data) -> Data:
        return self.photos.rules(request, data)

    # -- staff -------------------------------------------------------------------------------------

    @method(ss.RecordSkill, Written, batchable=True)
    def record_skill(self, request: Request, data: Data) -> Data:
        return self.staff.record_skill(request, data)

    @method(ss.WithdrawSkill, Written, batchable=True)
    def withdraw_skill(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_skill(request, data)

    @method(ss.RecordCertificate, sa.Certified, batchable=True)
    def record_certificate(self, request: Request, data: Data) -> Data:
        return self.staff.record_certificate(request, data)

    @method(ss.WithdrawCertificate, Written, batchable=True)
    def withdraw_certificate(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_certificate(request, data)

    @method(ss.PlanShifts, sa.Planned, batchable=True)
    def plan_shifts(self, request: Request, data: Data) -> Data:
        return self.staff.plan_shifts(request, data)

    @method(ss.WithdrawShift, Written, batchable=True)
    def withdraw_shift(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_shift(request, data)

    @method(ss.GrantLeave, sa.OnLeave, batchable=True)
    def grant_leave(self, request: Request, data: Data) -> Data:
        return self.staff.grant_leave(request, data)

    @method(ss.WithdrawLeave, Written, batchable=True)
    def withdraw_leave(self, request: Request, data: Data) -> Data:
        return self.staff.withdraw_leave(request, data)

    @method(ss.OfPerson, sa.StaffRecord)
    def staff_record(self, request: Request, data: Data) -> Data:
        return self.staff.staff_record(request, data)

    @method(ss.OnShift, sa.OnShift)
    def on_shift(self, request: Request, data: Data) -> Data:
        return self.staff.on_shift(request, data)

    @method(ss.Roster, sa.Roster)
    def roster(self, request: Request, data: Data) -> Data:
        return self.rosters.roster(request, data)

    # -- dispatching -------------------------------------------------------------------------------

    @method(ds.SetMode, da.RulesSet)
    def set_mode(self, request: Request, data: Data) -> Data:
        return self.rulebook.set_mode(request, data)

    @method(ds.SetWeights, da.RulesSet)
    def set_weights(self, request: Request, data: Data) -> Data:
        return self.rulebook.set_weights(request, data)

    @method(ds.PlaceBuilding, da.RulesSet)
    def place_building(self, request: Request, data: Data) -> Data:
        return self.rulebook.place_building(request, data)

    @method(ds.OfCommunity, da.Modes)
    def modes(self, request: Request, data: Data) -> Data:
        return self.rulebook.modes(request, data)

    @method(ds.OfOrder, da.Candidates)
    def candidates(self, request: Request, data: Data) -> Data:
        return self.dispatching.candidates(request, data)

    @method(ds.Recommend, da.Recommendations)
    def recommend(self, request: Request, data: Data) -> Data:
        return self.dispatching.recommend(request, data)

    @method(ds.OfCommunity, da.Pool)
    def pool(self, request: Request, data: Data) -> Data:
        return self.dispatching.pool(request, data)

    @method(ds.Grab, a.OrderDone, batchable=True)
    def grab(self, request: Request, data: Data) -> Data:
        return self.dispatching.grab(request, data)

    @method(ds.OfCommunity, da.Fairness)
    def fairness(self, request: Request, data: Data) -> Data:
        return self.dispatching.fairness(request, data)

    @method(ds.Decisions, da.Decisions)
    def decisions(self, request: Request, data: Data) -> Data:
        return self.dispatching.decisions(request, data)

    @method(ds.HoldRound, da.RoundHeld)
    def hold_round(self, request: Request, data: Data) -> Data:
        return self.rounds.hold_round(request, data)

    # -- triage, following, incidents --------------------------------------------------------------

    @method(ts.Suggest, ta.Suggested)
    def suggest(self, request: Request, data: Data) -> Data:
        return self.triage.suggest(request, data)

    @method(ts.Duplicates, ta.Duplicates)
    def duplicates(self, request: Request, data: Data) -> Data:
        return self.triage.duplicates(request, data)

    @method(fs.OnOrder, fa.Followed, batchable=True)
    def follow(self, request: Request, data: Data) -> Data:
        return self.following.follow(request, data)

    @method(fs.OnOrder, fa.Followed, batchable=True)
    def unfollow(self, request: Request, data: Data) -> Data:
        return self.following.unfollow(request, data)

    @method(fs.Followed, fa.FollowedOrders)
    def followed(self, request: Request, data: Data) -> Data:
        return self.following.followed(request, data)

    @method(ins.OpenIncident, ia.IncidentDone)
    def open_incident(self, request: Request, data: Data) -> Data:
        return self.outages.open_incident(request, data)

    @method(ins.AnswerIncident, ia.IncidentDone)
    def answer_incident(self, request: Request, data: Data) -> Data:
        return self.outages.answer_incident(request, data)

    @method(ins.CloseIncident, ia.IncidentDone)
    def close_incident(self, request: Request, data: Data) -> Data:
        return self.outages.close_incident(request, data)

    @method(ins.Incidents, ia.Incidents)
    def incidents(self, request: Request, data: Data) -> Data:
        return self.outages.incidents(request, data)

    @method(ins.OneIncident, ia.OneIncident)
    def incident(self, request: Request, data: Data) -> Data:
        return self.outages.incident(request, data)

    # -- suggestions, questions and praise ---------------------------------------------------------

    @method(qs.SubmitInquiry, qa.InquiryDone, batchable=True)
    def submit_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.submit_inquiry(request, data)

    @method(qs.AnswerInquiry, qa.InquiryDone, batchable=True)
    def answer_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.answer_inquiry(request, data)

    @method(qs.ConvertInquiry, qa.Converted, batchable=True)
    def convert_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.convert_inquiry(request, data)

    @method(qs.OnInquiry, qa.InquiryDone)
    def escalate_inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.escalate_inquiry(request, data)

    @method(qs.GetInquiry, qa.Inquiry)
    def inquiry(self, request: Request, data: Data) -> Data:
        return self.asked.inquiry(request, data)

    @method(qs.Inquiries, qa.Inquiries)
    def inquiries(self, request: Request, data: Data) -> Data:
        return self.asked.inquiries(request, data)

    @method(qs.SetAnswerDeadlines, qa.DeadlinesSet)
    def set_answer_deadlines(self, request: Request, data: Data) -> Data:
        return self.asked.set_answer_deadlines(request, data)

    @method(qs.AnswerDeadlines, qa.AnswerDeadlines)
    def answer_deadlines(self, request: Request, data: Data) -> Data:
        return self.asked.answer_deadlines(request, data)

    @method(of_board.Board, on_board.Board)
    def board(self, request: Request, data: Data) -> Data:
        return self.open_orders.board(request, data)

    @method(of_board.Loads, on_board.Loads)
    def loads(self, request: Request, data: Data) -> Data:
        return self.open_orders.loads(request, data)

    # -- the public work board ---------------------------------------------------------------------

    @method(ps.SetPublicBoard, pa.BoardSet)
    def set_public_board(self, request: Request, data: Data) -> Data:
        return self.publications.set_public_board(request, data)

    @method(ps.Publish, pa.PublicationDone)
    def publish(self, request: Request, data: Data) -> Data:
        return self.publications.publish(request, data)

    @method(ps.WithReason, pa.PublicationDone)
    def flag_published(self, request: Request, data: Data) -> Data:
        return self.publications.flag_published(request, data)

    @method(ps.WithReason, pa.PublicationDone)
    def hide_published(self, request: Request, data: Data) -> Data:
        return self.publications.hide_published(request, data)

    @method(ps.Restore, pa.PublicationDone)
    def restore_published(self, request: Request, data: Data) -> Data:
        return self.publications.restore_published(request, data)

    @method(ps.PublicBoards, pa.PublicBoards, public=True)
    def public_boards(self, request: Request, data: Data) -> Data:
        return self.publications.public_boards(request, data)

    @method(ps.PublicWorks, pa.PublicWorks, public=True)
    def public_works(self, request: Request, data: Data) -> Data:
        return self.publications.public_works(request, data)

    @method(ps.PublicWork, pa.OnePublicWork, public=True)
    def public_work(self, request: Request, data: Data) -> Data:
        return self.publications.public_work(request, data)

    @method(ps.Published, pa.Published)
    def published(self, request: Request, data: Data) -> Data:
        return self.publications.published(request, data)

    @method(pictures.AttachedPhotos, pictured.AttachedPhotos)
    def attached_photos(self, request: Request, data: Data) -> Data:
        return self.photo_files.attached_photos(request, data)

    @method(Batch, Outcomes, public=True)
    def batch(self, request: Request, data: Data) -> Data:
        """Many commands of many people in one call, each with its own token, id and outcome."""
        return carry_out(self, data)
