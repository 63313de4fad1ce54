namespace ProxylessMesh.FunctionalTests.Fixture;

/// <summary>Tests that set environment variables: they belong to the whole process, so these run when no others do.</summary>
[CollectionDefinition(nameof(ProcessEnvironment), DisableParallelization = true)]
public sealed class ProcessEnvironment;
