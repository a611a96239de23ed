using IssueObservatory.Mesh.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedRabbitMq))]
