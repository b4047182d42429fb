import Quantities

/// Every text of a report. `Messages.swift` gives each in English and Chinese; `{0}` and `{1}` stand for
/// values.
enum Message: String, CaseIterable {
    case kind, gas, period, region, to, otherLanguage, generatedBy, notAvailable,
        missingNote
    case resultsTitle, resultsNote, noGroups, emptyGroup, declared, furtherComparisons,
        verdictConsistent, verdictTension, verdictInconsistent, verdictNotConstrained,
        shortConsistent, shortTension, shortInconsistent, shortNotConstrained, reservationNotFinite,
        reservationNoPriorUncertainty, reservationSmallReduction, reservationFollowsPrior,
        reservationNoSigma, verdictRule, falseDiscoverySome, falseDiscoveryNone
    case comparisonTitle, inventory, prior, posterior, truth, truthOfSimulation, interval,
        difference, zScore, reduction, verdict, quantity, comparisonTable, comparisonFigure,
        correlationTable, correlationNote, correlationMisfit, barsOmitted, nothingFinite,
        dimensionless
    case mapTitle, mapFigure, mapFigureLayer, station, source, comparedOutline, otherOutline,
        scaleLabel, credit, noMapData, north
    case stateTitle, stateTable, noState, element, unit, averagingKernel, averagingKernelNote,
        furtherStates, fitTitle, fitSeries, fitScatter, fitResiduals, fitTable, noFit, observed,
        observedSigma, unused, statistic, count, bias, rootMeanSquare, correlation, chiSquare,
        chiSquareNote, before, after, density, residual, timeAxis, modelled, clipped
    case diagnosticsTitle, diagnosticsTable, noDiagnostics, diagnostic, value, shouldBe,
        observationsTitle, observationsTable, noObservations, sourceOfObservations, available, used,
        capture, scale, exclusions, nothingExcluded, unexplained, caveatsTitle, provenanceTitle,
        software, command, inputsTable, noInputs, role, file, sha256, inputCredit, environmentTable,
        configuration, figure, table
    case solversTitle, solversTable, solversNote, solver, differenceInSigma, monteCarloError, anotherModel

    /// Both languages; a test holds the table complete.
    var text: LocalizedName { Self.texts[self] ?? LocalizedName(english: rawValue) }

    static let texts: [Message: LocalizedName] =
        [headerTexts, resultsTexts, comparisonTexts, mapTexts, fitTexts, qualityTexts, solverTexts]
        .reduce(into: [:]) { table, section in table.merge(section) { first, _ in first } }
}
