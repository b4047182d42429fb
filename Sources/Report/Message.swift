import Quantities

/// Every text of a report. `Messages.swift` gives each in English and Chinese; `{0}` and `{1}` stand for
/// values.
enum Message: String, CaseIterable {
    case kind, gas, period, region, to, otherLanguage, generatedBy,
        generatedWithLineage, notAvailable,
        missingNote, unknownDeviationNote, barsWithoutDeviation
    case resultsTitle, resultsNote, emptyGroup, declared, furtherComparisons,
        verdictConsistent, verdictTension, verdictInconsistent, verdictNotConstrained,
        shortConsistent, shortTension, shortInconsistent, shortNotConstrained, reservationNotFinite,
        reservationNoPriorUncertainty, reservationSmallReduction, reservationFollowsPrior,
        reservationNoSigma, reservationNoUncertainty, verdictRule, falseDiscoverySome, falseDiscoveryNone
    case inventory, prior, posterior, truth, truthOfSimulation, interval,
        difference, zScore, reduction, verdict, quantity, comparisonFigure,
        correlationTable, correlationNote, correlationMisfit, barsOmitted
    case mapFigure, mapFigureLayer, station, source, comparedOutline, otherOutline,
        scaleLabel, credit, noMapData, north
    case stateTitle, stateTable, noState, element, unit, averagingKernel, averagingKernelNote,
        furtherStates, fitTitle, fitSeries, fitScatter, fitResiduals, observed,
        observedSigma, unused, count, bias, correlation, chiSquareNote, chiSquareTuned,
        before, after, density, residual, timeAxis, modelled, clipped
    case diagnosticsTitle, diagnosticsTable, noDiagnostics, diagnostic, value, shouldBe, available, used,
        scale, exclusions, nothingExcluded, unexplained, caveatsTitle, provenanceTitle,
        software, command, environmentTable, inputCredit, noInputs, inputsTable, role, file, sha256,
        configuration, figure, table
    case solversTitle, solversTable, solversNote, solver, differenceInSigma, monteCarloError, anotherModel

    /// Both languages; a test holds the table complete.
    var text: LocalizedName { Self.texts[self] ?? LocalizedName(english: rawValue) }

    static let texts: [Message: LocalizedName] =
        [headerTexts, resultsTexts, comparisonTexts, mapTexts, fitTexts, qualityTexts, solverTexts]
        .reduce(into: [:]) { table, section in table.merge(section) { first, _ in first } }
}
